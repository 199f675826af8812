"""Whether somebody needs a procedure, from the two or three things they say: yes, likely or no.

For visitors, of whom no register is asked. What registers say of a person, `procedures.answers`
tells; what spares one a procedure by law stands in its exemptions (`procedures.definition.stated`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from procedures.definition import ProcedureDefinition
from procedures.enums import Answer, TriggerKind
from procedures.rules import add_years, milestone_on

_SCHOOL_AGE = 6
_SCHOOL = "age 6 in the calendar year"


class Asked(StrEnum):
    """What is asked: whether one holds the paper, its last day, and so on."""

    HOLDS = "holds"
    EXPIRES = "expires"
    BORN = "born"
    ISSUED = "issued"
    HAPPENED = "happened"


class Because(StrEnum):
    """Why the answer is what it is; most of them go with a day."""

    NO_PAPER = "no_paper"
    EXPIRED = "expired"
    EXPIRES_SOON = "expires_soon"
    EXPIRES_LATER = "expires_later"
    TOO_YOUNG = "too_young"
    OF_AGE = "of_age"
    FRESH = "fresh"
    HAS_ONE = "has_one"
    SCHOOL_YEAR = "school_year"
    OTHER_YEAR = "other_year"
    HAPPENED = "happened"
    NOTHING = "nothing"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said; None where they do not know or did not say."""

    holds: bool | None = None
    expires: date | None = None
    born: date | None = None
    issued: date | None = None
    happened: bool | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """The answer and its reason; `missing` is the one fact of a likely, `day` goes with it."""

    answer: Answer
    because: Because
    day: date | None = None
    missing: Asked | None = None


def questions_of(definition: ProcedureDefinition) -> tuple[Asked, ...]:
    """Return what is asked; () where only the person can know whether they want it."""
    trigger = definition.trigger
    match trigger.kind:
        case TriggerKind.CREDENTIAL_EXPIRY:
            return (Asked.HOLDS, Asked.EXPIRES)
        case TriggerKind.AGE_MILESTONE if definition.credential is None:
            return (Asked.BORN,)
        case TriggerKind.AGE_MILESTONE if len(trigger.ages) == 1:
            return (Asked.BORN, Asked.HOLDS)
        case TriggerKind.AGE_MILESTONE:
            return (Asked.BORN, Asked.ISSUED)
        case TriggerKind.LIFE_EVENT:
            return (Asked.HAPPENED,)
        case TriggerKind.CALENDAR if trigger.population == _SCHOOL:
            return (Asked.BORN,)
    return ()


def needed(definition: ProcedureDefinition, said: Said, today: date) -> Need | None:
    """Return whether whoever says this needs the procedure; None where more than one fact is open.

    A first paper needs the day of birth and whether there is one; an exchange at an age the day of
    birth and of issue; a renewal the last day; an event whether it happened.
    """
    match definition.trigger.kind:
        case TriggerKind.CREDENTIAL_EXPIRY:
            return _expiring(definition, said, today)
        case TriggerKind.AGE_MILESTONE:
            return _at_an_age(definition, said, today)
        case TriggerKind.LIFE_EVENT:
            return _after_an_event(said)
        case TriggerKind.CALENDAR if definition.trigger.population == _SCHOOL:
            return _for_school(said, today)
    return None


def _lead(definition: ProcedureDefinition) -> timedelta:
    """Return how long before its day a matter may sensibly begin."""
    window = definition.credential.renew_window if definition.credential else None
    days = window.remind_days if window else definition.trigger.remind_days_before_open
    return timedelta(days=max(days, default=0))


def _expiring(definition: ProcedureDefinition, said: Said, today: date) -> Need | None:
    if said.holds is False:
        return Need(Answer.NO, Because.NO_PAPER)
    if said.expires is None:
        is_one = said.holds is True
        return Need(Answer.LIKELY, Because.OPEN, missing=Asked.EXPIRES) if is_one else None
    if said.expires < today:
        return Need(Answer.YES, Because.EXPIRED, said.expires)
    opens = said.expires - _lead(definition)
    if today >= opens:
        return Need(Answer.YES, Because.EXPIRES_SOON, said.expires)
    return Need(Answer.NO, Because.EXPIRES_LATER, opens)


def _at_an_age(definition: ProcedureDefinition, said: Said, today: date) -> Need | None:
    if said.born is None:
        return None
    birthdays = [milestone_on(said.born, age) for age in sorted(definition.trigger.ages)]
    reached = [day for day in birthdays if day - _lead(definition) <= today]
    if not reached:
        return Need(Answer.NO, Because.TOO_YOUNG, birthdays[0] - _lead(definition))
    asked = questions_of(definition)
    if Asked.HOLDS in asked:
        return _first_paper(said, reached[-1])
    if Asked.ISSUED in asked:
        return _exchange(definition, said, reached[-1])
    return Need(Answer.LIKELY, Because.OF_AGE, reached[-1])


def _first_paper(said: Said, birthday: date) -> Need:
    if said.holds is None:
        return Need(Answer.LIKELY, Because.OF_AGE, birthday, Asked.HOLDS)
    if said.holds:
        return Need(Answer.NO, Because.HAS_ONE)
    return Need(Answer.YES, Because.OF_AGE, birthday)


def _exchange(definition: ProcedureDefinition, said: Said, birthday: date) -> Need:
    if said.issued is None:
        return Need(Answer.LIKELY, Because.OF_AGE, birthday, Asked.ISSUED)
    validity = definition.credential.validity if definition.credential else None
    skipped = (validity.issued_within_years_before_milestone_skips if validity else None) or 0
    if said.issued >= add_years(birthday, -skipped):
        return Need(Answer.NO, Because.FRESH, birthday)
    return Need(Answer.YES, Because.OF_AGE, birthday)


def _for_school(said: Said, today: date) -> Need | None:
    if said.born is None:
        return None
    if said.born.year + _SCHOOL_AGE == today.year:
        return Need(Answer.YES, Because.SCHOOL_YEAR)
    return Need(Answer.NO, Because.OTHER_YEAR, date(said.born.year + _SCHOOL_AGE, 1, 1))


def _after_an_event(said: Said) -> Need:
    if said.happened is None:
        return Need(Answer.LIKELY, Because.OPEN, missing=Asked.HAPPENED)
    if said.happened:
        return Need(Answer.YES, Because.HAPPENED)
    return Need(Answer.NO, Because.NOTHING)
