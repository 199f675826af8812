"""The suggestion's page: why, what is known, what is missing, which papers, what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.models import Agency, Citizen, Unit
from citizens.selectors import (
    AgencyMissingError,
    acting_for,
    competent_agency,
    working_calendar,
)
from dossiers import sla
from dossiers.selectors import limit_of
from portal.common import clock
from portal.web.presenters.bundles import StepLines, step_lines
from portal.web.presenters.doubts import Doubts
from portal.web.presenters.language import either
from portal.web.presenters.matters import Waiting, about_whom, waiting
from portal.web.presenters.rows import Part, Row, parts_of, row_of, shown_value
from portal.web.templatetags.portal_format import short_date, told_fee, vi_date
from procedures.definition import ProcedureDefinition
from procedures.enums import Answer, FilingChannel, SuggestionState, TimeUnit, TriggerKind
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import Filled, Form, PaperStatus
from procedures.prefill.form import GENERATED
from procedures.rules import fee_for
from procedures.selectors import Offer, explain

SHOWN_FIRST = 4
SNOOZES = (7, 14, 30)


@dataclass(frozen=True)
class SuggestionPage:
    """The head of templates/web/suggestion.html."""

    title: str
    procedure: str
    tone: str
    state: str
    due_on: date | None
    bar: tuple[int, int] | None
    why: str
    basis: list[tuple[str, str]]
    for_whom: str
    window_line: str
    is_too_early: bool
    consequence: str
    steps: StepLines
    missing_fact: str


def one(suggestion: Suggestion, day: date) -> Waiting:
    """Return one suggestion with its rule and paper read."""
    return waiting([suggestion], day)[0]


def head(row: Waiting, citizen: Citizen, offer: Offer) -> SuggestionPage:
    """Return what stands above the form."""
    told = explain(suggestion=row.suggestion, day=row.day)
    why = either(told.sentence_vi, told.sentence_en)
    return SuggestionPage(
        title=row.title,
        procedure=" · ".join(either(one.name_vi, one.name_en) for one in offer.versions),
        tone=row.tone,
        state=row.state,
        due_on=None if row.is_of_death or row.is_wish else row.suggestion.due_on,
        bar=row.bar,
        why=_("You began this yourself.") if row.is_wish else why,
        basis=_basis(row, told.legal_basis),
        for_whom=about_whom(row, citizen),
        window_line=row.window_line,
        is_too_early=row.is_too_early,
        consequence=consequence_of(row),
        steps=step_lines(offer, row.day),
        missing_fact=_missing_fact(row),
    )


def _missing_fact(row: Waiting) -> str:
    """Return what nobody knows yet, where the matter is only likely to concern the person."""
    if row.suggestion.answer != Answer.LIKELY:
        return ""
    return _(
        "One fact about you is missing in the registers, so please check whether this concerns you."
    )


def consequence_of(row: Waiting) -> str:
    """Return what happens to those who do nothing, with one full stop; "" where no rule says."""
    told = either(row.rule.consequence_vi or "", row.rule.consequence_en)
    return f"{told.rstrip('. ')}." if told else ""


def _basis(row: Waiting, laws: tuple[str, ...]) -> list[tuple[str, str]]:
    facts = [] if row.is_wish else [(_("Date that counts"), vi_date(row.suggestion.due_on))]
    if row.paper is not None:
        register = either(row.paper.register.name_vi, row.paper.register.name_en)
        facts.append((_("Seen in"), f"{register} · {short_date(row.paper.as_of)}"))
    if laws:
        facts.append((_("Legal basis"), ", ".join(laws)))
    return facts


def known_parts(form: Form, row: Waiting, applicant: Citizen) -> list[Part]:
    """Return the known answers by person, the first few of each and the rest."""
    known = [field for field in form.fields if field.value]
    doubts = doubts_about(form, row.suggestion.public_id, applicant, row.day)
    rows = [(field.group, _row(field, doubts)) for field in known]
    subject = row.suggestion.subject
    return parts_of(rows, subject=subject, applicant=applicant, first=SHOWN_FIRST, day=row.day)


def _row(field: Filled, doubts: Doubts) -> Row:
    """Return a known answer; the as-of date of a contested one is the register's, not its own."""
    held = shown_value(field.type, field.held) if field.held else ""
    note = doubts.note(field.origin, held)
    row = row_of(field, dispute_url=doubts.url(field.origin), note=note)
    return replace(row, as_of=None) if field.held else row


def doubts_about(form: Form, suggestion: UUID, applicant: Citizen, day: date) -> Doubts:
    """Return which answers of a form its applicant may contest: their own and those of the others
    for whom they act.
    """
    parties = acting_for(actor=applicant, day=day).values_list("pk", flat=True)
    origins = [field.origin for field in form.fields if field.origin is not None]
    return Doubts.about(applicant, [applicant.pk, *parties], origins, suggestion)


@dataclass(frozen=True)
class PaperLine:
    """One paper of the dossier: what it is, and who brings it."""

    name: str
    note: str
    as_of: date | None = None


@dataclass(frozen=True)
class PaperList:
    """The papers of a dossier: those at hand, those to bring, those needed only in some cases."""

    at_hand: list[PaperLine]
    to_bring: list[PaperLine]
    in_some_cases: list[PaperLine]


def papers(form: Form) -> PaperList:
    """Return the papers by who has to do something about them."""
    return PaperList(
        at_hand=[_at_hand(paper) for paper in form.papers if paper.satisfied_by],
        to_bring=[_line(paper) for paper in form.papers if paper.is_brought],
        in_some_cases=[_line(paper) for paper in form.papers if paper.is_conditional],
    )


def _at_hand(paper: PaperStatus) -> PaperLine:
    if paper.satisfied_by == GENERATED:
        return PaperLine(paper.name_vi, _("Written by the portal from the answers above"))
    return PaperLine(paper.name_vi, paper.register_name_vi, paper.as_of)


def _line(paper: PaperStatus) -> PaperLine:
    return PaperLine(paper.name_vi, paper.condition_vi or "")


def terms(
    row: Waiting, versions: Sequence[ProcedureVersion], unit: Unit | None, now: datetime
) -> list[tuple[str, str]]:
    """Return fee, time, appointment and office of what is filed at `now`; of several, each."""
    if len(versions) == 1:
        return _terms(row, versions[0], unit, now)
    return [
        (
            either(one.name_vi, one.name_en),
            " · ".join(f"{term}: {told}" for term, told in _terms(row, one, unit, now)),
        )
        for one in versions
    ]


def _terms(
    row: Waiting, version: ProcedureVersion, unit: Unit | None, now: datetime
) -> list[tuple[str, str]]:
    definition = ProcedureDefinition.from_json(version.definition)
    told = [(_("Fee"), _fee(definition, row.day)), (_("Time"), _time(definition))]
    expected = None if row.is_too_early else _expected_on(definition, row, now)
    if expected is not None:
        told.append((_("If you file today"), _("Result on %(day)s") % {"day": vi_date(expected)}))
    office = _office(definition, unit, row.day)
    if office is not None:
        told.append((_("Decided by"), office.name_vi))
    return told


def _fee(definition: ProcedureDefinition, day: date) -> str:
    fee = fee_for(definition=definition, channel=FilingChannel.ONLINE, case=None, day=day)
    return told_fee(fee.amount_vnd if fee else None)


def _time(definition: ProcedureDefinition) -> str:
    days, unit = definition.processing.days, definition.processing.unit
    if unit == TimeUnit.SAME_DAY:
        return _("The same day")
    if days is None:
        return _("No fixed time")
    if unit == TimeUnit.WORKING_DAY:
        words = ngettext("%(n)d working day", "%(n)d working days", days)
    else:
        words = ngettext("%(n)d day", "%(n)d days", days)
    return words % {"n": days}


def _expected_on(definition: ProcedureDefinition, row: Waiting, now: datetime) -> date | None:
    """Return the appointment that a dossier filed at `now` would be given."""
    by_expiry = definition.processing.must_finish_by == TriggerKind.CREDENTIAL_EXPIRY
    limit = limit_of(definition=definition, decide_by=row.suggestion.due_on if by_expiry else None)
    calendar = working_calendar()
    return sla.due_date(sla.expected_receipt(clock.civil_time(now), calendar), limit, calendar)


def _office(definition: ProcedureDefinition, unit: Unit | None, day: date) -> Agency | None:
    if unit is None:
        return None
    try:
        return competent_agency(kind=definition.competent_agency.key, unit=unit, day=day)
    except AgencyMissingError:
        return None


def put_off_line(row: Waiting) -> str:
    """Return until when the person wants to hear nothing, "" unless the matter is put off."""
    until = row.suggestion.next_remind_on
    if row.suggestion.state != SuggestionState.SNOOZED or until is None:
        return ""
    return _("You put this off: the portal reminds you on %(when)s.") % {"when": vi_date(until)}


def unit_of(row: Waiting) -> Unit | None:
    """Return the unit in which the subject lives or has its seat."""
    subject = row.suggestion.subject
    for kind in ("citizen", "organisation"):
        if hasattr(subject, kind):
            unit: Unit = getattr(subject, kind).unit
            return unit
    return None


def snooze_choices(row: Waiting) -> list[tuple[int, date]]:
    """Return the numbers of days one may wait, with their dates: never past the last filing day.

    None for what the person began: nobody reminds them of it.
    """
    if row.is_wish:
        return []
    last = row.window.latest_on or row.suggestion.due_on
    offers = [(days, row.day + timedelta(days=days)) for days in SNOOZES]
    return [(days, until) for days, until in offers if until <= last]
