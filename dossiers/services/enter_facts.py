"""What a decision changes about people: a child that was born, a death, a home (source: dossier).

The national code of the result says which decision it is (the catalogue's result codes).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from citizens.enums import EventRole, Gender, RelationKind
from citizens.models import Citizen, EventParty, LifeEvent
from citizens.selectors import household_of
from citizens.selectors.kin import FULL_AGE
from citizens.services.register_birth import Newborn, born_of, register_birth
from citizens.services.register_death import register_death
from citizens.services.settle_residence import join_household, leave_household
from dossiers.enums import BundleStepState
from dossiers.models import BundleStep, Dossier
from dossiers.selectors import BIRTH, definition_of, is_birth
from dossiers.services.grant_result import bears_number
from portal.common.errors import RefusedError
from procedures.definition import ProcedureDefinition
from procedures.enums import TriggerKind
from procedures.models import Suggestion
from procedures.rules import age_on
from procedures.selectors import versions_in_force

DEATH = "KQ.G15.000034"
RESIDENCE, REMOVAL = "KQ.G01.000067", "KQ.G01.000064"
_LONGEST_NUMBER = 40
_GENDERS = {"Nam": Gender.MALE, "Nữ": Gender.FEMALE}
_PARENTS = {"Cha": RelationKind.FATHER, "Mẹ": RelationKind.MOTHER}
_ROLES = {EventRole.FATHER: RelationKind.FATHER, EventRole.MOTHER: RelationKind.MOTHER}


@dataclass(frozen=True)
class Entry:
    """Where an entry stands in the register of civil status (Luật Hộ tịch 60/2014/QH13, Điều 58).

    `number` and `book` are those of the register's book, `pin` the number that the population
    register gave a newborn.
    """

    number: str
    book: str = ""
    pin: str | None = None


def enter_facts(*, dossier: Dossier, decided_on: date, entry: Entry | None = None) -> None:
    """Write what the approved dossier's result says of people; nothing for other results.

    Call it in the transaction of the decision. Without an `entry` the dossier's code stands for its
    number. What was entered already is not entered a second time. RefusedError where the dossier
    does not say enough.
    """
    enter = _BY_RESULT.get(definition_of(dossier=dossier).result.code or "")
    if enter is not None:
        enter(dossier, decided_on, entry or Entry(dossier.code))


def entered_register(*, dossier: Dossier) -> str:
    """Return the result's code where approving makes an entry in the civil register, else ""."""
    code = definition_of(dossier=dossier).result.code or ""
    is_entered = code == BIRTH or (code == DEATH and _is_of_notice(dossier))
    return code if is_entered else ""


def enter_register(*, dossier: Dossier, number: str, book: str, pin: str, day: date) -> None:
    """Enter an approved birth or death with what an official typed; only `pin` may be "".

    Call it in the transaction of the approval, before it. RefusedError without the entry's number
    and book, where one of the numbers is none, and without a `pin` that the case goes on to need.
    """
    typed = Entry(" ".join(number.split()), " ".join(book.split()), pin.strip() or None)
    if not (typed.number and typed.book):
        raise RefusedError(
            _("Please type the entry's number and book of the civil register before you approve.")
        )
    if not typed.pin and _card_waits(dossier, day):
        raise RefusedError(
            _(
                "The family also asked for the child's identity card, whose number is the personal"
                " number: please type it before you approve."
            )
        )
    if max(len(typed.number), len(typed.book)) > _LONGEST_NUMBER:
        raise RefusedError(_("The number of the entry is too long."))
    enter_facts(dossier=dossier, decided_on=day, entry=typed)


def _card_waits(dossier: Dossier, day: date) -> bool:
    """Return whether the case of a birth goes on to a paper that bears the child's number.

    The register of births takes that number before the certificate is given (Luật Hộ tịch
    60/2014/QH13, Điều 16); without it the next step could only be refused.
    """
    if dossier.bundle_case_id is None or not is_birth(dossier):
        return False
    going_on = (BundleStepState.WAITING, BundleStepState.READY, BundleStepState.FILED)
    steps = BundleStep.objects.filter(case=dossier.bundle_case_id, state__in=going_on)
    versions = versions_in_force(day=day).filter(procedure__in=steps.values("procedure"))
    return any(bears_number(ProcedureDefinition.from_json(one.definition)) for one in versions)


def suggestion_of(dossier: Dossier) -> Suggestion | None:
    """Return the suggestion that the dossier answers, itself or with the others of its case."""
    case = dossier.bundle_case
    return dossier.suggestion or (case.suggestion if case is not None else None)


def _enter_birth(dossier: Dossier, day: date, entry: Entry) -> None:
    if born_of(reference=dossier.code) is not None:
        return
    form = dossier.form
    birth_date = _past(_day(_value(form, "child_birth_date")), day)
    stated = {
        name: value
        for name, field in (("hometown", "child_hometown"), ("nationality", "child_nationality"))
        if (value := _value(form, field))
    }
    ethnicity = _value(form, "child_ethnicity")
    register_birth(
        child=Newborn(
            family_name=_value(form, "child_surname"),
            middle_name=_value(form, "child_middle_name"),
            given_name=_value(form, "child_given_name"),
            gender=_GENDERS[_value(form, "child_gender")],
            birth_date=birth_date,
            number=entry.number,
            book=entry.book,
            place=_value(form, "child_birth_place"),
            registered_at=dossier.competent.name_vi,
            pin=entry.pin,
            sensitive={"ethnicity": ethnicity} if ethnicity else {},
            stated=stated,
        ),
        parents=_parents(dossier),
        reference=dossier.code,
        day=day,
    )


def _parents(dossier: Dossier) -> dict[RelationKind, Citizen]:
    """Return the parents whom the notice names, else the applicant who says to be one."""
    event = _event(dossier)
    parts = EventParty.objects.filter(event=event, role__in=_ROLES) if event else ()
    named = {
        _ROLES[EventRole(part.role)]: citizen
        for part in parts
        if (citizen := Citizen.objects.filter(pk=part.party_id).first()) is not None
    }
    said = _PARENTS.get(_value(dossier.form, "relation"))
    if not named and said is not None:
        return {said: dossier.applicant}
    return named


def _is_of_notice(dossier: Dossier) -> bool:
    """Return whether a notice names the owner: else the register itself tells of the death."""
    event = _event(dossier)
    return event is not None and event.parties.filter(party=dossier.owner_id).exists()


def _enter_death(dossier: Dossier, day: date, entry: Entry) -> None:
    event = _event(dossier)
    if event is None or not _is_of_notice(dossier):
        return
    died_on = _past(_day(_value(dossier.form, "death_time")) or event.occurred_on, day)
    register_death(
        person=dossier.owner.citizen,
        died_on=died_on,
        number=entry.number,
        book=entry.book,
        reference=dossier.code,
        day=day,
    )


def _day(text: str) -> date | None:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _past(found: date | None, day: date) -> date:
    """Return a day that is there and not after `day`; RefusedError for any other."""
    if found is None or found > day:
        raise RefusedError(
            _("The day in the form is missing or still to come: ask for it to be put right first.")
        )
    return found


def _enter_residence(dossier: Dossier, day: date, entry: Entry) -> None:
    """Let a minor join the home of the parent who filed; grown-ups' moves come from the register.

    The register knows which home a grown-up moves to; here only the parents' home is certain.
    """
    person = Citizen.objects.filter(pk=dossier.owner_id).first()
    if person is None or age_on(person.birth_date, day) >= FULL_AGE:
        return
    home = household_of(citizen=dossier.applicant, day=day)
    if home is None:
        return
    relation = _value(dossier.form, "relation_to_head") or "Con"
    join_household(citizen=person, household=home, relation_to_head=relation, day=day)


def _enter_removal(dossier: Dossier, day: date, entry: Entry) -> None:
    person = Citizen.objects.filter(pk=dossier.owner_id, died_on__isnull=False).first()
    if person is not None:
        leave_household(citizen=person, day=day)


def _event(dossier: Dossier) -> LifeEvent | None:
    suggestion = suggestion_of(dossier)
    if suggestion is None or suggestion.rule.kind != TriggerKind.LIFE_EVENT:
        return None
    return LifeEvent.objects.filter(pk=suggestion.anchor).first()


def _value(form: Mapping[str, Any], name: str) -> str:
    return str(form.get(name, {}).get("value", ""))


_BY_RESULT: Mapping[str, Callable[[Dossier, date, Entry], None]] = {
    BIRTH: _enter_birth,
    DEATH: _enter_death,
    RESIDENCE: _enter_residence,
    REMOVAL: _enter_removal,
}
