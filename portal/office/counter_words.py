"""What the counter's pages say: stages, what is known, what waits for the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from citizens.enums import PartyKind
from citizens.models import Agency, Citizen, Party
from citizens.selectors import acting_for
from dossiers.counter import laps_of, medians, minutes_told
from dossiers.enums import CounterStage
from dossiers.models import CounterVisit, Dossier
from dossiers.models.dossiers import FINISHED
from dossiers.selectors import age_fault, dossiers_of
from portal.common.masking import mask_pin
from portal.office.counter_matter import is_of_one
from portal.office.forms_shown import Shown, register_names, shown_form
from portal.office.names import party_name
from portal.office.queue import dossiers_of as within_desk
from portal.office.standing import Standing
from procedures.definition import ProcedureDefinition, RuleDefinition
from procedures.enums import SubjectKind
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import Form
from procedures.prefill.paths import APPLICANT_GROUP
from procedures.selectors import Offer, offer_of, suggestions_of
from procedures.selectors.sensitive import sensitive_versions, tells_sensitive

STAGE_WORDS: Mapping[CounterStage, Any] = {
    CounterStage.OPEN: _("Open and choose"),
    CounterStage.CHECK: _("Check what is known"),
    CounterStage.ANSWER: _("Answer"),
    CounterStage.PAPERS: _("Papers"),
    CounterStage.CONFIRM: _("Confirm"),
}
MEDIAN_DAYS = 30
MOST_OPEN = 20
_WHOLE = _("Whole visit")


@dataclass(frozen=True)
class Time:
    """A line of the stopwatch: the stage, its minutes, and of how many visits."""

    name: Any
    told: str
    count: int = 0
    is_running: bool = False


def watch(visit: CounterVisit, now: datetime) -> list[Time]:
    """Return the stopwatch of a visit, step by step, and the whole of it."""
    laps = laps_of(visit=visit, now=now)
    times = [
        Time(STAGE_WORDS[lap.stage], minutes_told(lap.seconds), is_running=lap.is_running)
        for lap in laps
    ]
    return [*times, Time(_WHOLE, minutes_told(sum(lap.seconds for lap in laps)))]


def usual_times(agency: Agency, now: datetime) -> list[Time]:
    """Return the medians of the agency's visits of the last thirty days."""
    found = medians(agency=agency, since=now - timedelta(days=MEDIAN_DAYS))
    return [
        Time(STAGE_WORDS[one.stage] if one.stage else _WHOLE, minutes_told(one.seconds), one.count)
        for one in found
    ]


def person_facts(person: Citizen) -> list[tuple[Any, str]]:
    """Return by what the official makes sure that it is the person who stands there."""
    born = f"{person.birth_date:%d/%m/%Y}" if person.birth_date else "–"
    return [
        (_("Personal number"), mask_pin(person.pin or "")),
        (_("Born"), f"{born} · {person.get_gender_display()}"),
        (_("Address"), person.current_address or str(person.unit)),
    ]


@dataclass(frozen=True)
class Prepared:
    """A suggestion that waits for the person: its key, its words, for whom, and until when.

    `steps` are the names of what one press files or brings about, of a bundle only.
    """

    key: str
    title: str
    why: str
    for_whom: str
    due_on: date
    steps: tuple[str, ...]


def prepared_for(person: Citizen, day: date, *, with_sensitive: bool) -> list[Prepared]:
    """Return what waits for the person, most urgent first.

    What tells of poverty or illness only to whom that may be told; the person can ask for it.
    """
    rows = []
    for suggestion in suggestions_of(citizen=person, day=day):
        rule = RuleDefinition.from_json(suggestion.rule_version.definition)
        if with_sensitive or not tells_sensitive(rule, day=day):
            rows.append(_prepared(suggestion, rule, person, day))
    return rows


@dataclass(frozen=True)
class OpenDossier:
    """A dossier of the person that is not finished; `key` only where the official may open it.

    `owner` is the party whose it is.
    """

    code: str
    name: str
    status: str
    for_whom: str
    due_on: date | None
    key: str
    owner: int


def open_dossiers(
    person: Citizen, standing: Standing, *, with_sensitive: bool
) -> list[OpenDossier]:
    """Return what runs for the person or whom they act for.

    What tells of poverty or illness is left out where it may not be told, without a word: how many
    there are would tell it too.
    """
    mine = dossiers_of(citizen=person).exclude(status__in=FINISHED)
    shown = mine if with_sensitive else mine.exclude(_sensitive(standing.day))
    rows = list(shown[:MOST_OPEN])
    near = within_desk(standing).filter(pk__in=[row.pk for row in rows])
    visible = set(near.values_list("pk", flat=True))
    return [_open(row, person, row.pk in visible) for row in rows]


def _sensitive(day: date) -> Q:
    rules = [version.rule_id for version in sensitive_versions(day=day)]
    return Q(procedure_version__procedure__rules__in=rules) | Q(suggestion__rule__in=rules)


def _open(row: Dossier, person: Citizen, may_open: bool) -> OpenDossier:
    version = row.procedure_version
    return OpenDossier(
        code=row.code,
        name=either(version.name_vi, version.name_en),
        status=row.get_status_display(),
        for_whom="" if row.owner_id == person.pk else party_name(row.owner),
        due_on=row.due_on or row.expected_on,
        key=str(row.public_id) if may_open else "",
        owner=row.owner_id,
    )


def open_already(visit: CounterVisit) -> Dossier | None:
    """Return the open dossier of what was chosen for the same owner, if there is one."""
    version = visit.procedure_version
    if version is None or visit.owner_id is None:
        return None
    same = Dossier.objects.unfinished().filter(owner=visit.owner_id)
    return same.filter(procedure_version__procedure=version.procedure_id).first()


def _prepared(suggestion: Suggestion, rule: RuleDefinition, person: Citizen, day: date) -> Prepared:
    is_own = suggestion.subject_id == person.pk
    return Prepared(
        key=str(suggestion.public_id),
        title=either(rule.paper_vi, rule.paper_en),
        why=either(rule.reason_vi, rule.reason_en),
        for_whom="" if is_own else party_name(suggestion.subject),
        due_on=suggestion.due_on,
        steps=_steps(offer_of(suggestion=suggestion, day=day)),
    )


def _steps(offer: Offer) -> tuple[str, ...]:
    """Return the names of what one press files and what follows by itself; () of one procedure."""
    if is_of_one(offer):
        return ()
    return tuple(
        either(step.name_vi, step.name_en) for step in offer.steps if step.is_filed or step.follows
    )


@dataclass(frozen=True)
class Choice:
    """A procedure that may be chosen, and the parties for whom."""

    key: str
    name: str
    code: str
    field: str
    owners: list[tuple[str, str]]


def choices_for(person: Citizen, versions: Iterable[ProcedureVersion], day: date) -> list[Choice]:
    """Return what the person may begin, by field and name, with those for whom they may."""
    parties = parties_of(person, day)
    found = [
        _choice(ProcedureDefinition.from_json(version.definition), person, parties, day)
        for version in versions
    ]
    return sorted((one for one in found if one.owners), key=lambda one: (one.field, one.name))


def parties_of(person: Citizen, day: date) -> list[Party]:
    """Return the person first, then all for whom they may act, names read."""
    others = acting_for(actor=person, day=day).select_related("citizen", "organisation")
    return [person.party, *others.order_by("kind", "pk")]


def owners_of(choices: Iterable[Choice]) -> list[tuple[str, str]]:
    """Return everybody for whom something may be begun, each once, the person first."""
    return list(dict.fromkeys(owner for choice in choices for owner in choice.owners))


def _choice(
    definition: ProcedureDefinition, person: Citizen, parties: list[Party], day: date
) -> Choice:
    is_for_firms = definition.trigger.subject == SubjectKind.ORGANISATION
    kind = PartyKind.ORGANISATION if is_for_firms else PartyKind.CITIZEN
    owners = [
        (str(one.public_id), party_name(one))
        for one in parties
        if one.kind == kind
        and not age_fault(definition=definition, applicant=person, owner=one, day=day)
    ]
    return Choice(
        key=definition.key,
        name=either(definition.name_vi, definition.name_en),
        code=definition.code,
        field=definition.domain_vi,
        owners=owners,
    )


def known_rows(form: Form) -> list[Shown]:
    """Return what is known, each with its source and date; numbers and phones masked."""
    entries = {
        field.name: {
            "value": field.value,
            "source": str(field.source),
            "register": field.register,
            "as_of": field.as_of.isoformat() if field.as_of else None,
            "held": field.held,
        }
        for field in form.fields
        if field.value
    }
    return shown_form(entries, form.fields, register_names())


def known_parts(form: Form, name: str) -> list[tuple[Any, list[Shown]]]:
    """Return what is known under headings: of who files (`name`), of a child, of the matter."""
    of_applicant = {field.name for field in form.fields if field.group == APPLICANT_GROUP}
    parts: dict[str, list[Shown]] = {"applicant": [], "child": [], "matter": []}
    for row in known_rows(form):
        is_childs = row.name.rpartition("-")[2].startswith("child_")
        whose = "applicant" if row.name in of_applicant else "child" if is_childs else "matter"
        parts[whose].append(row)
    headings = {
        "applicant": _("Who files: %(name)s") % {"name": name},
        "child": _("About the child"),
        "matter": _("About the matter"),
    }
    return [(headings[whose], rows) for whose, rows in parts.items() if rows]


def answered_rows(form: Form, answers: Mapping[str, str]) -> list[Shown]:
    """Return what was answered at the counter."""
    open_fields = [field for field in form.fields if not field.value and answers.get(field.name)]
    entries = {
        field.name: {"value": answers[field.name], "source": "citizen"} for field in open_fields
    }
    return shown_form(entries, open_fields, {})


def either(vi: str, en: str | None) -> str:
    """Return the text in the language of the page, Vietnamese where there is no other."""
    return en if en and get_language() == "en" else vi
