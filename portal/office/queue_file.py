"""The queue as a file: what its address asks for, with the names that the page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from citizens.enums import ViewPurpose
from portal.office.access import log_people_shown
from portal.office.clock_colours import Day
from portal.office.queue import Row, asked_for, row_of
from portal.office.roles import Desk
from portal.office.standing import standing_of
from portal.office.table_files import table_file
from portal.office.templatetags.office import named

MOST_IN_FILE = 2000
_HEADINGS = (
    gettext_lazy("dossier code"), gettext_lazy("procedure"), gettext_lazy("owner of the dossier"),
    gettext_lazy("status"), gettext_lazy("clock"), gettext_lazy("due on"),
    gettext_lazy("agency"), gettext_lazy("assigned to"),
)  # fmt: skip


def urls(guarded: Callable[..., Any]) -> list[URLPattern]:
    """Return the page, behind the door that `guarded` puts in front."""
    return [path("queue/file/", guarded(queue_file), name="office_queue_file")]


@require_safe
def queue_file(request: HttpRequest) -> HttpResponse:
    """Hand out the list as a file, at most 2,000 rows: everyone named in it is in the log."""
    standing = standing_of(request)
    if not standing.sees(Desk.QUEUE):
        raise PermissionDenied
    day = Day.of(standing.day)
    dossiers = list(asked_for(request, standing)[: MOST_IN_FILE + 1])
    rows = [row_of(dossier, day) for dossier in dossiers[:MOST_IN_FILE]]
    log_people_shown(
        request,
        people=[key for row in rows for key in (row.dossier.owner_id, row.dossier.applicant_id)],
        fields=("full_name", "dossier_code", "procedure", "status"),
        purpose=ViewPurpose.DOSSIER,
    )
    table: list[tuple[object, ...]] = [_HEADINGS, *(tuple(_cells(row)) for row in rows)]
    if len(dossiers) > MOST_IN_FILE:
        told = {"count": MOST_IN_FILE}
        table.append((_("Only the first %(count)d rows, as the page shows them.") % told,))
    return table_file(request, "ho-so", table)


def _cells(row: Row) -> Iterator[object]:
    dossier = row.dossier
    yield dossier.code
    yield named(dossier.procedure_version)
    yield row.owner
    yield dossier.get_status_display()
    yield row.word
    yield f"{row.due_on:%d/%m/%Y}" if row.due_on else ""
    yield dossier.competent.name_vi
    yield dossier.assignee.user.display_name if dossier.assignee else ""
