"""A dossier as one file to keep: form with sources, papers, results, clock and history (ZIP)."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citizens.enums import ViewPurpose
from dossiers.documents.store import open_stored
from dossiers.models import Document, Dossier, IssuedForm
from dossiers.selectors import timeline
from dossiers.selectors.papers import is_usable
from portal.common import clock
from portal.common.errors import SealError
from portal.common.spreadsheets import csv_text
from portal.office.access import log_people_shown
from portal.office.forms_shown import register_names, shown_form
from portal.office.people_named import people_shown
from portal.office.queue import visible_dossier
from procedures.definition import ProcedureDefinition

MANIFEST = "SHA256SUMS.csv"
_LOGGED = ("full_name", "personal_id_masked", "birth_date", "address", "form", "papers")
_UNSAFE = re.compile(r"[^\w\-. ()]+")
_ENDING = re.compile(r"(?<=.)\.\w{1,8}\Z")
_LONGEST = 80


@dataclass(frozen=True)
class Entry:
    """One file of the archive: its text, or the stored document that it is."""

    name: str
    text: str = ""
    document: Document | None = None

    def data(self) -> bytes:
        """Return the bytes; FileNotFoundError or SealError where they cannot be opened."""
        return self.text.encode() if self.document is None else open_stored(self.document)


class _Pipe:
    """What is written and not yet handed on; an archive is made without going back in it."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes, /) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing stands behind the pipe."""

    close = flush

    def taken(self) -> bytes:
        found, self._waiting = bytes(self._waiting), bytearray()
        return found


@require_safe
def show_zip(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Hand out a dossier of the official's units, a file at a time; the look is logged."""
    dossier = visible_dossier(request, public_id)
    entries = [*_tables(dossier), *_papers(dossier)]
    log_people_shown(
        request,
        people=people_shown(dossier),
        fields=_LOGGED,
        purpose=ViewPurpose.DOSSIER,
        reference=dossier.code,
    )
    response = StreamingHttpResponse(archive(entries), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{dossier.code}.zip"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def archive(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield the archive, one opened document in memory at a time; the last file lists the others.

    A document that cannot be opened is left out, and the list says so.
    """
    pipe, listed = _Pipe(), [(_("file"), "SHA-256", _("size"))]
    at = clock.civil_time(clock.now()).timetuple()[:6]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as book:
        for entry in entries:
            try:
                data = entry.data()
            except (FileNotFoundError, SealError):
                listed.append((entry.name, _("could not be opened"), ""))
                continue
            listed.append((entry.name, hashlib.sha256(data).hexdigest(), str(len(data))))
            book.writestr(zipfile.ZipInfo(entry.name, at), data)
            yield pipe.taken()
        book.writestr(zipfile.ZipInfo(MANIFEST, at), csv_text(listed))
    yield pipe.taken()


def safe_name(name: str) -> str:
    """Return a name that no program takes for a path, a hidden file or an order."""
    clean = _UNSAFE.sub("_", name)
    found = _ENDING.search(clean)
    ending = found.group() if found else ""
    stem = clean.removesuffix(ending).strip(" .-")
    return (stem[: _LONGEST - len(ending)] or "_") + ending


def _tables(dossier: Dossier) -> Iterator[Entry]:
    """Yield form, clock and history as the dossier's page shows them."""
    definition = ProcedureDefinition.from_json(dossier.procedure_version.definition)
    fields = shown_form(dossier.form, definition.form_fields, register_names())
    form: list[tuple[object, ...]] = [
        (_("Item of the form"), _("Its value"), _("source"), _("as of")),
        *((one.label, one.value, one.source, _day(one.as_of)) for one in fields),
    ]
    ledger: list[tuple[object, ...]] = [
        (_("at"), _("kind"), _("due on"), _("reason")),
        *(
            (_instant(one.happened_at), one.get_kind_display(), _day(one.due_on), one.reason)
            for one in dossier.clock_events.all()
        ),
    ]
    history: list[tuple[object, ...]] = [
        (_("at"), _("step"), _("status"), _("by"), _("note")),
        *(
            (_instant(one.at), one.label, one.status_label, one.official or one.actor_label,
             one.note)
            for one in timeline(dossier=dossier, for_officials=True)
        ),
    ]  # fmt: skip
    for name, rows in (("1-bieu-mau", form), ("2-thoi-han", ledger), ("3-qua-trinh", history)):
        yield Entry(f"{name}.csv", text=csv_text(rows))


def _papers(dossier: Dossier) -> Iterator[Entry]:
    """Yield each paper once: those sent in and found harmless, those issued, the result."""
    sent = [one.document for one in dossier.papers.select_related("document").order_by("pk")]
    issued = IssuedForm.objects.filter(dossier=dossier).select_related("document").order_by("pk")
    result = getattr(dossier, "result", None)
    folders = (
        ("giay-to", sent),
        ("da-cap", [one.document for one in issued]),
        ("ket-qua", [result.document if result else None]),
    )
    seen: set[int] = set()
    for folder, documents in folders:
        for document in documents:
            if document is None or document.pk in seen or not is_usable(document):
                continue
            seen.add(document.pk)
            name = safe_name(document.given_name)
            yield Entry(f"{folder}/{len(seen):02d}-{name}", document=document)


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _instant(at: datetime) -> str:
    return f"{clock.civil_time(at):%d/%m/%Y %H:%M}"
