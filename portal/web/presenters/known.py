"""What a form knows of itself, by person, with sources; and the papers it still needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from citizens.models import Citizen, Party
from citizens.selectors import Origin
from portal.web.presenters.doubts import Doubts
from portal.web.presenters.language import either
from portal.web.presenters.rows import Part, Row, parts_of, row_of, shown_value
from procedures.prefill import Filled, Form, PaperStatus
from procedures.prefill.form import GENERATED

SHOWN_FIRST = 4
_OWN = "applicant"  # the group of whoever files


def known_of(
    form: Form,
    *,
    subject: Party,
    applicant: Citizen,
    day: date,
    doubts: Doubts,
    is_closed: bool = False,
    about: str = "",
) -> list[Part]:
    """Return the known answers by person, the first few of each and the rest.

    `doubts` says which the applicant may contest: their own and those of the others for whom they
    act. With `is_closed` only what is the applicant's own is told in words: a helper files, and
    reads nothing more. `about` is as of `parts_of`.
    """
    known = [field for field in form.fields if field.value]
    rows = [(field.group, _row(field, doubts)) for field in known]
    if is_closed:
        rows = [(group, row if group == _OWN else _closed(row)) for group, row in rows]
    return parts_of(
        rows, subject=subject, applicant=applicant, first=SHOWN_FIRST, day=day, about=about
    )


def _row(field: Filled, doubts: Doubts) -> Row:
    """Return a known answer; the as-of date of a contested one is the register's, not its own."""
    held = shown_value(field.type, field.held) if field.held else ""
    note = doubts.note(field.origin, held)
    row = row_of(field, dispute_url=doubts.url(field.origin), note=note)
    return replace(row, as_of=None) if field.held else row


def _closed(row: Row) -> Row:
    return replace(row, value=_("known, shown to the person only"), dispute_url="", note="")


def origins_of(form: Form) -> list[Origin]:
    """Return the stored values from which a form is filled."""
    return [field.origin for field in form.fields if field.origin is not None]


@dataclass(frozen=True)
class PaperLine:
    """One paper of the dossier: what it is, and who brings it."""

    name: str
    note: str
    as_of: date | None = None
    condition: str = ""
    """In the catalogue's words, of which there is no English."""


@dataclass(frozen=True)
class PaperList:
    """The papers of a dossier: those at hand, those to bring, those needed only in some cases."""

    at_hand: list[PaperLine]
    to_bring: list[PaperLine]
    in_some_cases: list[PaperLine]


def papers_of(form: Form) -> PaperList:
    """Return the papers by who has to do something about them."""
    return PaperList(
        at_hand=[_at_hand(paper) for paper in form.papers if not paper.is_open],
        to_bring=[_line(paper) for paper in form.papers if paper.is_brought],
        in_some_cases=[_line(paper) for paper in form.papers if paper.is_conditional],
    )


def _at_hand(paper: PaperStatus) -> PaperLine:
    if paper.comes_from is not None:
        step = {"step": either(*paper.comes_from)}
        return PaperLine(paper.name_vi, _("Comes by itself once “%(step)s” is granted") % step)
    if paper.satisfied_by == GENERATED:
        return PaperLine(paper.name_vi, _("Written by the portal from the answers above"))
    holder = either(paper.register_name_vi, paper.register_name_en)
    return PaperLine(paper.name_vi, holder, paper.as_of)


def _line(paper: PaperStatus) -> PaperLine:
    return PaperLine(paper.name_vi, "", condition=paper.condition_vi or "")
