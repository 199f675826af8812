"""The suggestion's page: why, what is known, what is missing, which papers, what it costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.models import Citizen, Credential, Unit
from dossiers.selectors import draft_about
from portal.web.presenters.bundles import StepLines, step_lines
from portal.web.presenters.doubts import Doubts
from portal.web.presenters.known import known_of
from portal.web.presenters.language import either
from portal.web.presenters.matters import Waiting, about_whom, waiting
from portal.web.presenters.people import parties_of
from portal.web.presenters.rows import Part
from portal.web.presenters.terms import later_terms, online_fee, terms_of
from portal.web.templatetags.portal_format import short_date, told_fee, vi_date
from procedures.definition import ProcedureDefinition
from procedures.definition.laws import laws_text
from procedures.enums import Addressee, Answer, FilingChannel, SuggestionState, TriggerKind
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import Form, Together
from procedures.prefill.asking import MissingForm
from procedures.selectors import Offer, explain

Answers = Mapping[str, Mapping[str, str]]  # of each procedure, by its code
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
    is_reckoned: bool


def one(suggestion: Suggestion, day: date, papers: Iterable[Credential] | None = None) -> Waiting:
    """Return one suggestion with its rule and paper; `papers` as of `waiting`."""
    return waiting([suggestion], day, papers)[0]


def stated(suggestion: Suggestion, citizen: Citizen, offer: Offer) -> dict[str, str]:
    """Return what the person answered before: when they began it, then what they typed since."""
    first = offer.versions[0].procedure
    draft = draft_about(
        applicant=citizen, owner=suggestion.subject, procedure=first, suggestion=suggestion
    )
    return {**(suggestion.stated or {}), **(draft.form if draft else {})}


def head(row: Waiting, citizen: Citizen, offer: Offer) -> SuggestionPage:
    """Return what stands above the form."""
    told = explain(suggestion=row.suggestion, day=row.day)
    why = either(told.sentence_vi, told.sentence_en)
    return SuggestionPage(
        title=row.title,
        procedure=" · ".join(
            either(one.name_vi, one.name_en)
            for one in ((offer.linked,) if offer.linked else offer.versions)
        ),
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
        steps=step_lines(offer),
        missing_fact=_missing_fact(row),
        is_reckoned=not (row.is_of_death or row.is_wish),
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
        facts.append((_("Legal basis"), laws_text(laws)))
    return facts


def known_parts(form: Form, row: Waiting, applicant: Citizen, doubts: Doubts) -> list[Part]:
    """Return the known answers by person, the first few of each and the rest."""
    return known_of(
        form,
        subject=row.suggestion.subject,
        applicant=applicant,
        day=row.day,
        doubts=doubts,
        about=_("About your child") if row.rule.address == Addressee.PARENTS else "",
    )


def answers_so_far(together: Together, asked: MissingForm) -> Answers:
    """Return for each procedure, by its code, what is known and what was answered on the page."""
    said = {name: str(asked[name].value() or "") for name in asked.fields}
    said |= {field.name: field.value for field in together.form.fields if field.value}
    return {code: together.answers_for(code, said) for code in together.names}


def terms(
    row: Waiting, offer: Offer, unit: Unit | None, now: datetime, answers: Answers
) -> list[tuple[str, str]]:
    """Return fee, time, appointment and office of what is filed at `now`; of several, each.

    Of steps that are filed later fee and time are told, and first what all of them cost.
    """
    if len(offer.versions) == 1 and not offer.later:
        return _terms(row, offer.versions[0], unit, now, answers)
    told = [(one, _terms(row, one, unit, now, answers)) for one in offer.versions]
    told += [(one, later_terms(one, now, answers[one.procedure.code])) for one in offer.later]
    return [(_("Fee of all steps"), _whole_fee(offer, now, answers))] + [
        (
            either(one.name_vi, one.name_en),
            " · ".join(f"{term}: {words}" for term, words in terms_of_one),
        )
        for one, terms_of_one in told
    ]


def _whole_fee(offer: Offer, now: datetime, answers: Answers) -> str:
    """Return what the steps cost together, and how many of them the catalogue names no fee for."""
    fees = [
        online_fee(one, now, answers[one.procedure.code]) for one in (*offer.versions, *offer.later)
    ]
    known = [fee for fee in fees if fee is not None]
    if not known:
        return told_fee(None)
    unknown = len(fees) - len(known)
    if not unknown:
        return told_fee(sum(known))
    words = ngettext(
        "%(fee)s, and one step for which the catalogue names no fee",
        "%(fee)s, and %(n)d steps for which the catalogue names no fee",
        unknown,
    )
    return words % {"fee": told_fee(sum(known)), "n": unknown}


def _terms(
    row: Waiting, version: ProcedureVersion, unit: Unit | None, now: datetime, answers: Answers
) -> list[tuple[str, str]]:
    definition = ProcedureDefinition.from_json(version.definition)
    by_expiry = definition.processing.must_finish_by == TriggerKind.CREDENTIAL_EXPIRY
    return terms_of(
        definition,
        channel=FilingChannel.ONLINE,
        unit=unit,
        now=now,
        decide_by=row.suggestion.due_on if by_expiry else None,
        is_expected=not row.is_too_early,
        answers=answers[version.procedure.code],
    )


def put_off_line(row: Waiting) -> str:
    """Return until when the person wants to hear nothing, "" unless the matter is put off."""
    until = row.suggestion.next_remind_on
    if row.suggestion.state != SuggestionState.SNOOZED or until is None:
        return ""
    return _("You put this off: the portal reminds you on %(when)s.") % {"when": vi_date(until)}


def unit_of(row: Waiting, reader: Citizen) -> Unit | None:
    """Return the unit in which the subject lives or has its seat; the reader's people are read."""
    about = row.suggestion.subject
    mine = (party for party in parties_of(reader, row.day) if party == about)
    subject = next(mine, about)
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
