"""Papers that a citizen hands in: what is chosen for each, and what could be used again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from citizens.models import Citizen, Party
from citizens.selectors import name_of
from dossiers.enums import DocumentOrigin, FormKind, ScanVerdict, Status
from dossiers.models import Document, Dossier, DossierPaper, PreparedPaper
from dossiers.selectors import definition_of
from dossiers.selectors.papers import is_usable, open_supplement, prepared_papers, reusable_papers
from portal.common import clock
from portal.common.sql import ask_together
from procedures.prefill import Form

MOST_CHOICES = 6


@dataclass(frozen=True)
class Choice:
    """A file that could be used again."""

    public_id: UUID
    label: str


@dataclass(frozen=True)
class Slot:
    """A paper to hand in, with the file laid ready for it."""

    code: str
    name: str
    note: str
    url: str
    file: str
    state: str
    is_bad: bool
    choices: list[Choice]
    is_needed: bool


def slots_of(form: Form, *, applicant: Citizen, owner: Party) -> list[Slot]:
    """Return a slot for each paper that no register answers for, those needed in sight and first.

    Needed are the required ones, and in this case those for which a file is laid ready.
    """
    open_papers = [paper for paper in form.papers if paper.is_open]
    wanted = [(one.component_code, one.name_vi, one.condition_vi or "") for one in open_papers]
    found = zip(_slots(wanted, applicant, owner), open_papers, strict=True)
    slots = [replace(slot, is_needed=paper.required or bool(slot.file)) for slot, paper in found]
    return sorted(slots, key=lambda slot: not slot.is_needed)


@dataclass(frozen=True)
class Demand:
    """What the office asked for after filing; `version` is the dossier's as shown."""

    why: str
    slots: list[Slot]
    version: int


def demanded(dossier: Dossier, reader: Citizen) -> Demand | None:
    """Return what the office waits for, with what the reader laid ready; None where for nothing."""
    if dossier.status != Status.SUPPLEMENT_REQUESTED:
        return None
    demand = open_supplement(dossier=dossier)
    if demand is None:
        return None
    names = {one.code: one.name_vi for one in definition_of(dossier=dossier).components}
    wanted = [(code, names.get(code, code), "") for code in demand.components]
    slots = _slots(wanted, reader, dossier.owner)
    return Demand(demand.note, slots, dossier.version)


def _slots(wanted: Iterable[tuple[str, str, str]], applicant: Citizen, owner: Party) -> list[Slot]:
    wanted = list(wanted)
    if not wanted:
        return []
    prepared = prepared_papers(applicant=applicant, owner=owner)
    files = reusable_papers(reader=applicant, owner=owner, day=clock.today())
    # Slips and letters about a dossier are no papers of another one; results are.
    slips = Q(issued_as__isnull=False) & ~Q(issued_as__kind=FormKind.RESULT)
    filed_as = ArraySubquery(DossierPaper.objects.filter(document=OuterRef("pk")).values("name_vi"))
    usable = (
        files.exclude(scan_state=ScanVerdict.INFECTED).exclude(slips).annotate(filed_as=filed_as)
    )
    ask_together(prepared, usable)
    laid = {row.component_code: row for row in prepared}
    kept = [(one, one.filed_as) for one in usable]
    return [_slot(code, name, note, laid, kept, owner) for code, name, note in wanted]


def _slot(
    code: str,
    name: str,
    note: str,
    laid: dict[str, PreparedPaper],
    kept: Iterable[tuple[Document, Sequence[str]]],
    owner: Party,
) -> Slot:
    chosen = laid.get(code)
    document = chosen.document if chosen else None
    alike = [one for one, filed_as in kept if _may_be(one, filed_as, code, name)]
    fitting = sorted(alike, key=lambda one: one.component_code != code)[:MOST_CHOICES]
    return Slot(
        code=code,
        name=name,
        note=note,
        url=reverse("web:paper_slot", args=[owner.public_id, code]),
        file=document.given_name if document else "",
        state=state_of(document) if document else "",
        is_bad=document is not None and document.scan_state == ScanVerdict.INFECTED,
        choices=[] if document else [Choice(one.public_id, label_of(one)) for one in fitting],
        is_needed=True,
    )


def _may_be(document: Document, filed_as: Sequence[str], code: str, name: str) -> bool:
    """Return whether a file may be this paper: of what a person sent, only what was sent as it."""
    if document.origin != DocumentOrigin.UPLOAD or document.digitised_by_id is not None:
        return True
    return document.component_code == code or name in filed_as


def label_of(document: Document) -> str:
    """Return what a file is called in a list: the paper, or the name it came with, and its day."""
    day = document.issued_on or clock.civil_date(document.recorded_at)
    return f"{document.title_vi or document.given_name} · {day:%d/%m/%Y}"


def state_of(document: Document) -> str:
    """Return what its owner has to know of a file's check, "" where nothing is."""
    if document.scan_state == ScanVerdict.INFECTED:
        return _("This file carries a virus and is closed. Please send another one.")
    if not is_usable(document):
        return _("Is being checked for viruses")
    return ""


@dataclass(frozen=True)
class Filed:
    """A paper that was handed in with a dossier; `url` opens its file, "" where that is closed."""

    name: str
    file: str
    url: str
    state: str


def filed_papers(dossier: Dossier) -> list[Filed]:
    """Return the papers of a dossier of which a file was handed in (one query)."""
    rows = dossier.papers.filter(document__isnull=False).select_related("document")
    return [
        Filed(
            name=row.name_vi,
            file=document.title_vi or document.given_name,
            url=reverse("web:paper_file", args=[document.public_id]) if is_usable(document) else "",
            state=state_of(document),
        )
        for row in rows
        if (document := row.document) is not None
    ]


@dataclass(frozen=True)
class Kept:
    """A file of the repository as its owner sees it."""

    public_id: UUID
    title: str
    source: str
    day: date
    number: str
    state: str
    may_open: bool
    may_remove: bool
    whose: str


def kept_files(documents: Iterable[Document], reader: Citizen) -> list[Kept]:
    """Return the rows of the repository."""
    return [
        Kept(
            public_id=one.public_id,
            title=one.title_vi or one.given_name,
            source=_source(one),
            day=one.issued_on or clock.civil_date(one.recorded_at),
            number=one.number,
            state=state_of(one),
            may_open=is_usable(one),
            may_remove=one.origin == DocumentOrigin.UPLOAD and one.digitised_by_id is None,
            whose="" if one.owner_id == reader.pk else name_of(one.owner),
        )
        for one in documents
    ]


def _source(document: Document) -> str:
    if document.origin == DocumentOrigin.RESULT:
        return document.issuer or _("Result of a dossier")
    if document.digitised_by_id is not None:
        return document.issuer or _("Digitised by an office")
    return _("Sent by you")
