"""Pages of a list by a cursor: what comes behind the last one that was seen, however rows move."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
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


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.CIVIL_ZONE)


def page_of(
    request: Request,
    rows: QuerySet[M],
    *,
    by: str,
    shape: Callable[[list[M]], list[Any]],
    tie: str = "public_id",
    read: Callable[[str], Any] = _moment,
) -> Response:
    """Answer one page in the order of the column `by` ("-submitted_at"), rows alike by `tie`.

    `read` reads a value of the column from a cursor; where no two rows are alike `tie` is "".
    """
    column, is_falling = by.lstrip("-"), by.startswith("-")
    sign, beyond = ("-", "lt") if is_falling else ("", "gt")
    given, most = request.query_params.get("cursor"), _limit(request)
    if given:
        seen, key = _opened(given, read, bool(tie))
        behind = Q(**{f"{column}__{beyond}": seen})
        rows = rows.filter(behind | Q(**{column: seen, f"{tie}__{beyond}": key}) if tie else behind)
    order = [f"{sign}{name}" for name in (column, tie) if name]
    found = list(rows.order_by(*order)[: most + 1])
    shown, last = found[:most], None
    if len(found) > most:
        last = _closed(*(getattr(shown[-1], name) for name in (column, tie) if name))
    return Response({"items": [asdict(one) for one in shape(shown)], "next": last})


def page_of_log(
    request: Request, rows: QuerySet[M], *, by: str, shape: Callable[[list[M]], list[Any]]
) -> Response:
    """Answer one page of a log that only grows, the latest first; its rows have no public id.

    The cursor is the moment of the last row, and how many rows of that very moment were told.
    """
    given, most, told = request.query_params.get("cursor"), _limit(request), 0
    seen = None
    if given:
        (seen, told), _key = _opened(given, _counted_moment, is_tied=False)
        rows = rows.filter(**{f"{by}__lte": seen})
    found = list(rows.order_by(f"-{by}", "-pk")[told : told + most + 1])
    shown, last = found[:most], None
    if len(found) > most:
        moments = [getattr(row, by) for row in shown]
        count = moments.count(moments[-1]) + (told if moments[-1] == seen else 0)
        last = _closed(f"{moments[-1].isoformat()} {count}")
    return Response({"items": [asdict(one) for one in shape(shown)], "next": last})


def _counted_moment(text: str) -> tuple[datetime, int]:
    moment, _space, count = text.rpartition(" ")
    if not (count.isascii() and count.isdecimal() and len(count) < 7):
        raise ValueError(text)
    return _moment(moment), int(count)


def _limit(request: Request) -> int:
    text = request.query_params.get("limit", str(USUAL))
    wanted = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
    if not 1 <= wanted <= MOST:
        raise ProblemError(400, bad("limit", _("limit is a number from 1 to 100.")))
    return wanted


def _closed(value: Any, key: UUID | str = "") -> str:
    text = value if isinstance(value, str) else value.isoformat()
    return base64.urlsafe_b64encode(f"{text}~{key}".encode()).decode().rstrip("=")


def _opened(cursor: str, read: Callable[[str], Any], is_tied: bool) -> tuple[Any, UUID | None]:
    """Return where a cursor stands; whatever it says, the rows are the reader's own."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        value, _tilde, key = text.partition("~")
        if "\0" not in text:
            return read(value), UUID(key) if is_tied else None
    except (ValueError, binascii.Error):
        pass
    raise ProblemError(400, bad("cursor", _("This cursor is none: begin again without it.")))
