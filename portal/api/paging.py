"""Pages of a list by a cursor: what comes behind the last one that was seen, however rows move."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api.problems import ProblemError, bad
from portal.common import clock

M = TypeVar("M", bound=Model)
USUAL, MOST = 20, 100


def page_of(
    request: Request,
    rows: QuerySet[M],
    *,
    by: str,
    shape: Callable[[list[M]], list[Any]],
    tie: str = "public_id",
) -> Response:
    """Answer one page in the order of the column `by` ("-submitted_at"), rows alike by `tie`."""
    column, is_falling = by.lstrip("-"), by.startswith("-")
    sign, beyond = ("-", "lt") if is_falling else ("", "gt")
    given, most = request.query_params.get("cursor"), _limit(request)
    if given:
        seen, key = _opened(given, rows, column)
        rows = rows.filter(
            Q(**{f"{column}__{beyond}": seen}) | Q(**{column: seen, f"{tie}__{beyond}": key})
        )
    found = list(rows.order_by(f"{sign}{column}", f"{sign}{tie}")[: most + 1])
    shown, last = found[:most], None
    if len(found) > most:
        last = _closed(getattr(shown[-1], column), getattr(shown[-1], tie))
    return Response({"items": [asdict(one) for one in shape(shown)], "next": last})


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(USUAL))
    wanted = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    if not 1 <= wanted <= MOST:
        raise ProblemError(400, bad("limit", _("limit is a number from 1 to 100.")))
    return wanted


def _closed(value: date | datetime, key: UUID) -> str:
    return base64.urlsafe_b64encode(f"{value.isoformat()}~{key}".encode()).decode().rstrip("=")


def _opened(cursor: str, rows: QuerySet[Any], column: str) -> tuple[date | datetime, UUID]:
    """Return where a cursor stands; whatever it says, the rows are the reader's own."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        value, _tilde, key = text.partition("~")
        is_moment = rows.model._meta.get_field(column).get_internal_type() == "DateTimeField"
        return _moment(value) if is_moment else date.fromisoformat(value), UUID(key)
    except (ValueError, binascii.Error):
        reason = bad("cursor", _("This cursor is none: begin again without it."))
        raise ProblemError(400, reason) from None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.CIVIL_ZONE)
