"""The requests of a desk as a file: codes, states and days; no name, no text, nothing computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from citizens.models import DataRequest
from citizens.workflow import request_code
from portal.common import clock
from portal.office.table_files import table_file

_HEADER = (
    _("code"), _("kind"), _("state"), _("agency"), _("received on"), _("answer due on"),
    _("answered at"), _("to be done by"), _("extended"), _("finished at"),
)  # fmt: skip


def _cells(row: DataRequest) -> Iterator[str]:
    yield request_code(row.public_id)
    yield row.get_kind_display()
    yield row.get_state_display()
    yield row.owner.name_vi
    yield f"{row.received_on:%d/%m/%Y}"
    yield f"{row.answer_due_on:%d/%m/%Y}"
    yield _instant(row.answered_at)
    yield f"{row.act_due_on:%d/%m/%Y}"
    yield gettext("Yes") if row.is_extended else gettext("No")
    yield _instant(row.finished_at)


def _instant(at: datetime | None) -> str:
    return f"{clock.civil_time(at):%d/%m/%Y %H:%M}" if at else ""


def requests_file(request: HttpRequest, rows: Iterable[DataRequest]) -> HttpResponse:
    """Return the rows as a file in which no cell is taken for a formula (F27)."""
    table = chain([_HEADER], map(_cells, rows))
    return table_file(request, "yeu-cau-ve-du-lieu", table)
