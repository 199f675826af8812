"""One press files a dossier: frozen form, number, first step, matter, message; all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import PartyKind
from citizens.models import Agency, Citizen, Party, Unit, User
from citizens.selectors import competent_agency, is_family_of, working_calendar
from dossiers import sla
from dossiers.enums import Action, Actor, ClockEffect, Origin, Status
from dossiers.models import BundleCase, Dossier, DossierPaper, Draft
from dossiers.rules import answers_in
from dossiers.savings import counted_fields
from dossiers.selectors import age_fault, limit_of, may_file
from dossiers.services.dossier_codes import next_code
from dossiers.services.freeze_form import freeze_form
from dossiers.services.hand_in_papers import attach_prepared
from dossiers.services.ledger import write_clock, write_step
from dossiers.services.tell import tell_applicant
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.definition import ProcedureDefinition, RuleDefinition
from procedures.enums import ClockStart, FilingChannel, TriggerKind
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import Form, prefill_form
from procedures.rules import fee_for, filing_window
from procedures.services import accept_suggestion, open_matter


@dataclass(frozen=True)
class Way:
    """How a dossier comes in: channel, where the citizen was helped and received, by whom."""

    channel: FilingChannel = FilingChannel.ONLINE
    helped_at: Agency | None = None
    received_at: Agency | None = None
    origin: Origin = Origin.CITIZEN
    official: User | None = None
    note: str = ""


@dataclass(frozen=True)
class Filing:
    """Who files what for whom on which day; `anchor` is the suggestion's, 0 without one.

    `about` is the suggestion that is told of, of this dossier or of the one that it stands beside.
    """

    applicant: Citizen
    owner: Party
    unit: Unit
    suggestion: Suggestion | None
    about: Suggestion | None
    version: ProcedureVersion
    definition: ProcedureDefinition
    anchor: int
    case: BundleCase | None
    way: Way
    day: date
    now: datetime


@transaction.atomic
def submit_dossier(
    *,
    applicant: Citizen,
    suggestion: Suggestion | None,
    version: ProcedureVersion,
    answers: Mapping[str, str],
    now: datetime,
    owner: Party | None = None,
    beside: Suggestion | None = None,
    channel: FilingChannel = FilingChannel.ONLINE,
    helped_at: Agency | None = None,
    received_at: Agency | None = None,
    origin: Origin = Origin.CITIZEN,
    official: User | None = None,
    note: str = "",
    case: BundleCase | None = None,
) -> Dossier:
    """File and return the dossier; a second press for the same matter returns the first one.

    The owner is the suggestion's subject, else `owner`, else the applicant. `beside` is a
    suggestion that another dossier of the same press answers: this one is of the same person and
    filled from the same facts. `answers` maps field names to text. `official` is who filed for the
    applicant at a counter: the first step names both, `note` says how the applicant confirmed.
    Of a child of `case` the case tells, in one thread, and its owner may be another than theirs.
    AnswersRefusedError (a RefusedError) names every field at fault; RefusedError when the applicant
    may not act for the owner or the owner is not of the procedure's age, when an official files for
    self or family, or when it is too early to file. Refused, nothing is written and no number used.
    """
    way = Way(channel, helped_at, received_at, origin, official, note)
    about = suggestion or beside
    whose = about.subject if about else owner or applicant.party
    day = clock.civil_date(now)
    key = version.procedure.key
    if not may_file(applicant=applicant, owner=whose, suggestion=about, procedure=key, day=day):
        raise RefusedError(_("You cannot act for this person or organisation."))
    _refuse_own_family(way, applicant, whose, day)
    filed = _already_filed(applicant, whose, suggestion, version)
    if filed is not None:
        return filed if case is None else _adopted(filed, case)
    filing = Filing(
        applicant=applicant,
        owner=whose,
        unit=_unit_of(whose),
        suggestion=suggestion,
        about=about,
        version=version,
        definition=ProcedureDefinition.from_json(version.definition),
        anchor=suggestion.anchor if suggestion else 0,
        case=case,
        way=way,
        day=day,
        now=now,
    )
    _refuse_wrong_age(filing)
    _refuse_outside_window(filing)
    return _file(filing, answers)


def _adopted(dossier: Dossier, case: BundleCase) -> Dossier:
    """Return a dossier that was open before its case, as a child of the case."""
    if dossier.bundle_case_id not in (None, case.pk):
        raise RefusedError(_("A dossier of this procedure is already open."))
    dossier.bundle_case = case
    dossier.save(update_fields=["bundle_case"])
    return dossier


def _refuse_own_family(way: Way, applicant: Citizen, owner: Party, day: date) -> None:
    """Refuse an official who would serve themselves or their close kin at the counter."""
    if way.official is None:
        return
    speakers = owner.represented_by.standing(day).values_list("actor_id", flat=True)
    if is_family_of(user=way.official, concerned=[applicant.pk, owner.pk, *speakers], day=day):
        raise RefusedError(_("Nobody files at the counter for themselves or their family."))


def _already_filed(
    applicant: Citizen, owner: Party, suggestion: Suggestion | None, version: ProcedureVersion
) -> Dossier | None:
    """Return what an earlier press filed; a press at the same moment waits here for the other."""
    if suggestion is not None:
        Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
        return Dossier.objects.standing().filter(suggestion=suggestion).first()
    Party.objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    same = Dossier.objects.unfinished().filter(owner=owner, applicant=applicant, anchor=0)
    return same.filter(procedure_version__procedure=version.procedure_id).first()


def _refuse_wrong_age(filing: Filing) -> None:
    """Refuse what is begun for somebody of another age; a rule or a bundle knows whom it is for."""
    if filing.about is not None or filing.case is not None:
        return
    fault = age_fault(
        definition=filing.definition,
        applicant=filing.applicant,
        owner=filing.owner,
        day=filing.day,
        is_at_counter=filing.way.official is not None,
    )
    if fault:
        raise RefusedError(fault)


def _refuse_outside_window(filing: Filing) -> None:
    """Refuse what the law does not let be filed yet; a late dossier is the agency's to judge."""
    if filing.suggestion is None:
        return
    rule = RuleDefinition.from_json(filing.suggestion.rule_version.definition)
    earliest = filing_window(rule, filing.suggestion.due_on).earliest_on
    if earliest is not None and filing.day < earliest:
        raise RefusedError(
            _("This can be filed from %(day)s on.") % {"day": f"{earliest:%d/%m/%Y}"}
        )


def _file(filing: Filing, answers: Mapping[str, str]) -> Dossier:
    form = prefill_form(
        version=filing.version,
        subject=filing.owner,
        applicant=filing.applicant,
        suggestion=filing.about,
        day=filing.day,
    )
    frozen = freeze_form(form=form, answers=answers)
    if filing.suggestion is not None:
        accept_suggestion(suggestion=filing.suggestion, citizen=filing.applicant, now=filing.now)
    agency = competent_agency(
        kind=filing.definition.competent_agency.key, unit=filing.unit, day=filing.day
    )
    dossier = _create(filing, agency, frozen)
    _keep_papers(dossier, form)
    attach_prepared(dossier=dossier, now=filing.now)
    open_matter(
        procedure=filing.version.procedure,
        party=filing.owner,
        anchor=filing.anchor,
        reference=dossier.code,
        day=filing.day,
    )
    _take_first_step(filing, dossier)
    Draft.objects.filter(
        owner=filing.owner,
        applicant=filing.applicant,
        suggestion=filing.about,
        procedure_version__procedure=filing.version.procedure_id,
    ).delete()
    return dossier


def _create(filing: Filing, agency: Agency, frozen: dict[str, Any]) -> Dossier:
    decide_by = _decide_by(filing)
    limit = limit_of(definition=filing.definition, decide_by=decide_by)
    calendar = working_calendar()
    seen_at = sla.expected_receipt(clock.civil_time(filing.now), calendar)
    answers = answers_in(frozen)
    fee = fee_for(
        definition=filing.definition,
        channel=filing.way.channel,
        case=None,
        day=filing.day,
        answers=answers,
    )
    dossier = Dossier(
        status=Status.REGISTERED,
        procedure_version=filing.version,
        suggestion=filing.suggestion,
        bundle_case=filing.case,
        owner=filing.owner,
        applicant=filing.applicant,
        competent=agency,
        unit=filing.unit,
        helped_at=filing.way.helped_at,
        received_at=filing.way.received_at,
        channel=filing.way.channel,
        origin=filing.way.origin,
        anchor=filing.anchor,
        fee_vnd=fee.total_vnd(answers) if fee else None,
        submitted_at=filing.now,
        expected_on=sla.due_date(seen_at, limit, calendar),
        decide_by=decide_by,
    )
    dossier.form = frozen
    dossier.field_count, dossier.known_field_count = counted_fields(frozen)
    dossier.code = next_code(agency=agency, day=filing.day)
    dossier.save(force_insert=True)
    return dossier


def _keep_papers(dossier: Dossier, form: Form) -> None:
    DossierPaper.objects.bulk_create(
        DossierPaper(
            dossier=dossier,
            component_code=paper.component_code,
            name_vi=paper.name_vi,
            satisfied_by=paper.satisfied_by or "",
            as_of=paper.as_of,
        )
        for paper in form.papers
        if paper.required or paper.satisfied_by
    )


def _take_first_step(filing: Filing, dossier: Dossier) -> None:
    event = write_step(
        dossier=dossier,
        action=Action.SUBMIT,
        before=None,
        actor=Actor.CITIZEN,
        user=filing.way.official,
        citizen=filing.applicant,
        note=filing.way.note,
        now=filing.now,
    )
    if filing.definition.processing.clock_starts is ClockStart.DOSSIER_RECEIVED:
        write_clock(dossier=dossier, effect=ClockEffect.START, reason="", now=filing.now)
        dossier.save(update_fields=["clock_started_on", "due_on"])
    tell_applicant(dossier=dossier, event=event, topic="dossier_submitted", now=filing.now)


def _decide_by(filing: Filing) -> date | None:
    """Return the paper's last day where the law wants the decision by then."""
    suggestion = filing.suggestion
    if filing.definition.processing.must_finish_by != TriggerKind.CREDENTIAL_EXPIRY:
        return None
    return suggestion.due_on if suggestion else None


def _unit_of(party: Party) -> Unit:
    match party.kind:
        case PartyKind.CITIZEN:
            return party.citizen.unit
        case PartyKind.ORGANISATION:
            return party.organisation.unit
        case _:
            return party.household.unit
