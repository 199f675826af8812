"""Write a planned population: parties first, then whatever points at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import ContactChannel, PartyKind, RelationKind
from citizens.models import (
    Authority,
    Batch,
    Citizen,
    CitizenSensitive,
    ContactPoint,
    Credential,
    EventParty,
    Household,
    HouseholdMember,
    LifeEvent,
    Organisation,
    Party,
    RegisterRecord,
    Relation,
    Unit,
)
from portal.common.clock import CIVIL_ZONE
from portal.common.crypto import keyed_index
from portal.demo.copying import copy_rows, take_keys
from portal.demo.plan import Holder, Person, Place, Population, Whose

Progress = Callable[[str, int], None]
_SINCE_MOVING_IN = timedelta(days=3650)


class Writer:
    """Writes one population; keys are taken first, so every row knows whom it points at."""

    def __init__(self, population: Population, batches: dict[str, Batch]) -> None:
        self.population = population
        self.batches = batches
        self.as_of = population.on - timedelta(days=1)
        self.units = dict(Unit.objects.valid_on(population.on).values_list("code", "pk"))
        people, homes, firms = population.people, population.homes, population.firms
        keys = take_keys(Party, len(people) + len(homes) + len(firms))
        self.people = keys[: len(people)]
        self.homes = keys[len(people) : len(people) + len(homes)]
        self.firms = keys[len(people) + len(homes) :]

    def write(self, progress: Progress) -> None:
        """Write everything; `progress` is told each table and how many rows it was given."""
        for what, count in self._tables():
            progress(what, count)

    def _tables(self) -> Iterator[tuple[str, int]]:
        yield "parties", self._parties()
        yield "citizens", self._citizens()
        yield "households", self._households() + self._members()
        yield "organisations", self._organisations()
        yield "kinship", self._relations()
        yield "authorities", self._authorities()
        yield "sensitive data", self._sensitive()
        yield "contact points", self._contacts()
        yield "credentials", self._credentials()
        yield "register records", self._records()
        yield "life events", self._events()

    def party(self, holder: Holder) -> int:
        """Return the key of a party of the plan."""
        lists = {Whose.PERSON: self.people, Whose.HOME: self.homes, Whose.FIRM: self.firms}
        return lists[holder.whose][holder.at]

    def _unit(self, place: Place | None) -> int | None:
        return self.units[place.code] if place else None

    def _parties(self) -> int:
        kinds = [(PartyKind.CITIZEN, self.people), (PartyKind.HOUSEHOLD, self.homes)]
        kinds.append((PartyKind.ORGANISATION, self.firms))
        return copy_rows(
            Party, ("id", "kind"), ((key, kind) for kind, keys in kinds for key in keys)
        )

    def _citizens(self) -> int:
        columns = (
            "party_id", "pin_index", "pin_enc", "family_name", "middle_name", "given_name",
            "full_name", "gender", "birth_date", "birth_precision", "died_on", "unit_id",
            "current_address", "permanent_address", "register_id", "batch_id", "as_of",
        )  # fmt: skip
        batch = self.batches["NPD"].pk
        rows = (
            (key, *_sealed_pin(person.pin), *person.name, person.name.full, person.gender,
             person.born, person.precision, person.died, self._unit(person.place), person.address,
             person.address, "NPD", batch, self.as_of)
            for key, person in zip(self.people, self.population.people, strict=True)
        )  # fmt: skip
        return copy_rows(Citizen, columns, rows)

    def _households(self) -> int:
        rows = (
            (key, f"HK{at:08d}", self._unit(home.place), home.address, self.as_of)
            for at, (key, home) in enumerate(zip(self.homes, self.population.homes, strict=True))
        )
        columns = ("party_id", "book_number", "unit_id", "address", "as_of")
        return copy_rows(Household, columns, rows)

    def _members(self) -> int:
        first = self.population.on - _SINCE_MOVING_IN
        people = self.population.people
        rows = (
            (self.homes[at], self.people[member], people[member].role, number == 0,
             DateRange(max(first, people[member].born), people[member].died))
            for at, home in enumerate(self.population.homes)
            for number, member in enumerate(home.members)
        )  # fmt: skip
        columns = ("household_id", "citizen_id", "relation_to_head", "is_head", "valid")
        return copy_rows(HouseholdMember, columns, rows)

    def _organisations(self) -> int:
        rows = (
            (key, firm.tax_code, firm.name, firm.address, self._unit(firm.place), "BUS", self.as_of)
            for key, firm in zip(self.firms, self.population.firms, strict=True)
        )
        columns = ("party_id", "tax_code", "name", "address", "unit_id", "register_id", "as_of")
        return copy_rows(Organisation, columns, rows)

    def _relations(self) -> int:
        columns = ("person_id", "relative_id", "kind", "valid")
        return copy_rows(Relation, columns, self._kinship())

    def _kinship(self) -> Iterator[tuple[int, int, str, DateRange]]:
        for at, person in enumerate(self.population.people):
            ever = DateRange(person.born, None)
            parents = ((RelationKind.FATHER, person.father), (RelationKind.MOTHER, person.mother))
            for kind, parent in parents:
                if parent is not None:
                    yield self.people[parent], self.people[at], kind, ever
            if person.spouse is not None:
                yield self.people[person.spouse], self.people[at], RelationKind.SPOUSE, ever

    def _authorities(self) -> int:
        rows = (
            (
                self.people[mandate.actor],
                self.party(mandate.party),
                mandate.basis,
                DateRange(mandate.first, mandate.end),
            )
            for mandate in self.population.mandates
        )
        return copy_rows(Authority, ("actor_id", "for_party_id", "basis", "valid"), rows)

    def _sensitive(self) -> int:
        batch = self.batches["NPD"].pk
        rows = (
            (key, _sealed_body(key, person), self.as_of, batch)
            for key, person in zip(self.people, self.population.people, strict=True)
        )
        columns = ("citizen_id", "body_enc", "as_of", "batch_id")
        return copy_rows(CitizenSensitive, columns, rows)

    def _contacts(self) -> int:
        day = self.as_of
        verified = datetime(day.year, day.month, day.day, 8, tzinfo=CIVIL_ZONE)
        rows = (
            (key, channel, ContactPoint.seal_value(channel, value),
             ContactPoint.index_of(channel, value), verified, person.shared_phone)
            for key, person in zip(self.people, self.population.people, strict=True)
            for channel, value in _addresses(person)
        )  # fmt: skip
        columns = ("party_id", "channel", "value_enc", "value_index", "verified_at", "shared")
        return copy_rows(ContactPoint, columns, rows)

    def _credentials(self) -> int:
        columns = (
            "holder_id", "kind", "register_id", "number_index", "number_enc", "category",
            "issued_on", "expires_on", "issuer", "status", "details", "unit_id", "as_of",
            "batch_id",
        )  # fmt: skip
        rows = (
            (self.party(paper.holder), paper.kind, paper.register,
             Credential.index_of(paper.register, paper.kind, paper.number),
             Credential.seal_number(paper.register, paper.kind, paper.number), paper.category,
             paper.issued, paper.expires, paper.issuer, paper.status, paper.details,
             self._unit(paper.place), self.as_of, self.batches[paper.register].pk)
            for paper in self.population.papers
        )  # fmt: skip
        return copy_rows(Credential, columns, rows)

    def _records(self) -> int:
        columns = (
            "register_id", "kind", "key_index", "subject_id", "body", "as_of", "batch_id",
        )  # fmt: skip
        rows = (
            (record.register, record.kind, keyed_index(record.register, record.kind, record.key),
             self.party(record.subject), record.body, self.as_of,
             self.batches[record.register].pk)
            for record in self.population.records
        )  # fmt: skip
        return copy_rows(RegisterRecord, columns, rows)

    def _events(self) -> int:
        events = self.population.events
        keys = take_keys(LifeEvent, len(events))
        columns = (
            "id", "kind", "natural_key", "occurred_on", "unit_id", "register_id", "body", "as_of",
            "batch_id",
        )  # fmt: skip
        rows: Iterator[tuple[Any, ...]] = (
            (key, event.kind, event.key, event.day, self._unit(event.place), event.register,
             event.body, self.as_of, self.batches[event.register].pk)
            for key, event in zip(keys, events, strict=True)
        )  # fmt: skip
        count = copy_rows(LifeEvent, columns, rows)
        parties = (
            (key, self.party(holder), role)
            for key, event in zip(keys, events, strict=True)
            for role, holder in event.parties
        )
        copy_rows(EventParty, ("event_id", "party_id", "role"), parties)
        return count


def _sealed_body(key: int, person: Person) -> bytes:
    """Seal for the number, like an import; newborns have none and are known by their key."""
    identity = Citizen.index_of(person.pin) if person.pin else str(key).encode()
    return CitizenSensitive.seal_body(identity, person.sensitive)


def _sealed_pin(pin: str | None) -> tuple[bytes | None, bytes | None]:
    return (Citizen.index_of(pin), Citizen.seal_pin(pin)) if pin else (None, None)


def _addresses(person: Person) -> Iterator[tuple[str, str]]:
    """Yield where a person can be reached: SMS for most, an app or Zalo for few."""
    if not person.phone:
        return
    yield ContactChannel.SMS, person.phone
    if person.has_zalo:
        yield ContactChannel.ZALO, person.phone
    if person.has_app:
        yield ContactChannel.APP, f"demo-{person.phone.removeprefix('+')}"
    if person.email:
        yield ContactChannel.EMAIL, person.email
