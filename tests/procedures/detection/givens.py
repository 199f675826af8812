"""What the table of triggers is given: whom a fact is about and who hears of it, and the fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import LifeEventKind
from citizens.models import Citizen, Credential, Household, LifeEvent, Organisation
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    OrganisationFactory,
    RegisterRecordFactory,
    RelationFactory,
)
from tests.procedures.detection.scene import event

GROWN_UP = date(1985, 5, 5)
ALWAYS = DateRange(None, None)
HARDLY_EVER = date(2000, 1, 1)


@dataclass(frozen=True)
class Cast:
    """Whom a fact is about, who hears of it, and who stands beside and must not."""

    about: Any
    told: tuple[Citizen, ...]
    silent: tuple[Citizen, ...] = ()

    @property
    def people(self) -> list[Citizen]:
        """The persons of it, each once."""
        about = (self.about,) if isinstance(self.about, Citizen) else ()
        return list({one.pk: one for one in (*about, *self.told, *self.silent)}.values())


def grown_up(**values: Any) -> Citizen:
    return CitizenFactory(**{"birth_date": GROWN_UP} | values)


def holder(**values: Any) -> Cast:
    """A grown-up, told in person."""
    one = grown_up(**values)
    return Cast(one, (one,))


def minor(guardians: int = 1, **values: Any) -> Cast:
    """A child, told through whoever may act for it."""
    child = CitizenFactory(**{"birth_date": date(2020, 6, 1)} | values)
    told = tuple(grown_up() for _ in range(guardians))
    for one in told:
        AuthorityFactory(actor=one, for_party=child.party, valid=ALWAYS)
    return Cast(child, told, (child,))


def firm(representatives: int = 1, **values: Any) -> Cast:
    """A transport firm, told through who represents it; one who may merely file for it is not."""
    organisation = OrganisationFactory(**values)
    told = tuple(grown_up() for _ in range(representatives))
    for one in told:
        AuthorityFactory(actor=one, for_party=organisation.party, basis="representative")
    return Cast(organisation, told)


def home(**values: Any) -> Cast:
    """A household, told through its head; a grown-up child in it is not."""
    head, son = grown_up(), grown_up()
    household = HouseholdFactory(head=head, **values)
    HouseholdMemberFactory(household=household, citizen=son)
    return Cast(household, (head,), (son,))


def member(**values: Any) -> Cast:
    """A member of a household, whose head is told."""
    head, son = grown_up(), grown_up(**values)
    HouseholdMemberFactory(household=HouseholdFactory(head=head), citizen=son)
    return Cast(son, (head,), (son,))


def parents(number: int = 1, **values: Any) -> Cast:
    """A mother, and where two are wanted the father."""
    mother = grown_up(**values)
    return Cast(mother, (mother,) if number == 1 else (mother, grown_up()))


def deceased(family: int = 1, **values: Any) -> Cast:
    """One who has died, and the family: the spouse, then the children."""
    dead = grown_up(died_on=HARDLY_EVER, **values)
    told = tuple(grown_up() for _ in range(family))
    for number, one in enumerate(told):
        if number:
            RelationFactory(person=dead, relative=one, kind="father", valid=ALWAYS)
        else:
            RelationFactory(person=one, relative=dead, kind="spouse", valid=ALWAYS)
    return Cast(dead, told, (dead,))


@dataclass(frozen=True)
class Fact:
    """A fact of a trigger: `happens(cast, due_on)` makes it, `ends(cast, made)` undoes it."""

    happens: Callable[[Cast, date], Any]
    ends: Callable[[Cast, Any], Any]
    reason: str


def paper(kind: str) -> Fact:
    """A paper that runs out on the due date; it ends by being renewed."""

    def happens(cast: Cast, due_on: date) -> Credential:
        issued = date(2017, 1, 1)
        return CredentialFactory(holder=cast.about, kind=kind, expires_on=due_on, issued_on=issued)

    def ends(_cast: Cast, made: Credential) -> None:
        renewed = {"term": 2, "expires_on": date(2039, 1, 1)}
        Credential.objects.filter(pk=made.pk).update(**renewed)

    return Fact(happens, ends, "renewed")


def birthday(age: int, ends: Callable[[Cast, Any], Any], reason: str) -> Fact:
    """A birthday on the due date; on 28 February of those born on the 29th."""

    def happens(cast: Cast, due_on: date) -> None:
        born = born_on(due_on, age)
        Citizen.objects.filter(pk=cast.about.pk).update(birth_date=born)

    return Fact(happens, ends, reason)


def born_on(due_on: date, age: int) -> date:
    """Return the birth date of one whose birthday of that age is `due_on`; a leap day if it can."""
    year = due_on.year - age
    is_leap = year % 4 == 0
    return date(year, 2, 29) if (due_on.month, due_on.day, is_leap) == (2, 28, True) else (
        due_on.replace(year=year)
    )  # fmt: skip


def card_issued(cast: Cast, _made: Any) -> None:
    """Issue an identity card that outlasts the milestone."""
    CredentialFactory(
        holder=cast.about, kind="citizen_identity_card", issued_on=date(2026, 12, 1),
        expires_on=None,
    )  # fmt: skip


def pension_drawn(cast: Cast, _made: Any) -> None:
    """Let the social insurance say that a pension is drawn."""
    body = {"kind": "Hưởng lương hưu hoặc trợ cấp BHXH"}
    RegisterRecordFactory(register__code="INS", kind="member", subject=cast.about.party, body=body)


def happening(
    kind: LifeEventKind,
    useful_days: int,
    roles: tuple[str, ...] = ("subject",),
    before: Callable[[Cast], Any] = lambda _cast: None,
    ends: Callable[[Cast, LifeEvent], Any] | None = None,
    reason: str = "event_taken_back",
    body: dict[str, str] | None = None,
) -> Fact:
    """An event so many days before the due date; it ends by being taken back.

    Its parties are whom it is about, in the first role, and those told in the others.
    """

    def happens(cast: Cast, due_on: date) -> LifeEvent:
        before(cast)
        day = due_on - timedelta(days=useful_days)
        if isinstance(cast.about, Citizen) and cast.about.died_on:
            Citizen.objects.filter(pk=cast.about.pk).update(died_on=day)
        people = (cast.about, *(one for one in cast.told if one != cast.about))
        made = event(kind, day, **dict(zip(roles, people, strict=False)))
        LifeEvent.objects.filter(pk=made.pk).update(body=body or {})
        return made

    return Fact(happens, ends or (lambda _cast, made: made.delete()), reason)


def lost(kind: str) -> Fact:
    """The report that a paper was lost; it ends once the paper stands again."""

    def before(cast: Cast) -> None:
        CredentialFactory(holder=cast.about, kind=kind, status="lost", expires_on=None)

    def ends(cast: Cast, _made: LifeEvent) -> None:
        Credential.objects.filter(holder=cast.about.party).update(status="valid")

    return happening(
        LifeEventKind.CREDENTIAL_LOST_OR_DAMAGED, 60, before=before, ends=ends,
        reason="conditions_no_longer_met", body={"credential_kind": kind},
    )  # fmt: skip


def a_card_of_somebody(_cast: Cast) -> None:
    """Let the register of cards have delivered: then a child without a card has none."""
    CredentialFactory(kind="citizen_identity_card", expires_on=None)


def listed(category: str) -> Fact:
    """A household's status that stands when the campaign begins; it ends by being revoked."""

    def happens(cast: Cast, due_on: date) -> Credential:
        return CredentialFactory(
            holder=cast.about, kind="poor_household_status", register__code="POV",
            category=category, issued_on=date(due_on.year - 1, 12, 15),
            expires_on=date(due_on.year, 12, 31),
        )  # fmt: skip

    def ends(_cast: Cast, made: Credential) -> None:
        Credential.objects.filter(pk=made.pk).update(status="revoked")

    return Fact(happens, ends, "paper_ended")


def pupil() -> Fact:
    """A child that turns six in the year of the campaign; it ends by a corrected birth date."""

    def happens(cast: Cast, due_on: date) -> None:
        Citizen.objects.filter(pk=cast.about.pk).update(birth_date=date(due_on.year - 6, 9, 9))

    def ends(cast: Cast, _made: Any) -> None:
        Citizen.objects.filter(pk=cast.about.pk).update(birth_date=date(2019, 9, 9))

    return Fact(happens, ends, "date_changed")


def move(about: Any, unit: Any) -> None:
    """Let whom the fact is about move to another commune."""
    model: Any = type(about)
    assert model in (Citizen, Organisation, Household)
    model.objects.filter(pk=about.pk).update(unit=unit)
