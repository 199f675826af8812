"""What the registers hold about a person and those they act for: source, date, way to object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from citizens.enums import FactTable, PartyKind
from citizens.models import Citizen, HouseholdMember, Organisation, Party, Register, RegisterRecord
from citizens.selectors import Origin, name_of
from citizens.selectors.readable import column_label, readable
from citizens.selectors.stored_values import StoredValue, ValueKind, value_in
from portal.web.presenters.doubts import Doubts
from portal.web.presenters.kinds import has_several, record_name
from portal.web.presenters.language import either
from portal.web.presenters.rows import Row

RECORDS_OF_ONE = 30
_OF_PERSON = (
    "full_name",
    "birth_date",
    "gender",
    "pin",
    "permanent_address",
    "current_address",
    "died_on",
)
_OF_FIRM = ("name", "tax_code", "address")


@dataclass(frozen=True)
class Source:
    """One register and what it says about one party, as of one day.

    `kind` names the kind of record where the register keeps several.
    """

    name: str
    as_of: date
    rows: list[Row]
    kind: str = ""


@dataclass(frozen=True)
class Holder:
    """One party, oneself first; `name` is "" for oneself."""

    name: str
    sources: list[Source]


def holders(citizen: Citizen, parties: Sequence[Party], day: date) -> list[Holder]:
    """Return all that may be shown, by party and register; a constant number of queries."""
    registers = Register.objects.in_bulk()
    found = {party.pk: list(_values(party, registers)) for party in parties}
    kinds: dict[int, str] = {}
    for record in _records(list(found)):
        found[record.subject_id] += _inside(record)
        if has_several(record.register_id):
            kinds[record.pk] = record_name(record.kind)
    origins = [value.origin for values in found.values() for value in values]
    doubts = Doubts.about(citizen, list(found), origins)
    homes = _homes(list(found), day)
    return [
        Holder(
            name="" if party.pk == citizen.pk else name_of(party),
            sources=[*_sources(found[party.pk], doubts, kinds), *homes.get(party.pk, [])],
        )
        for party in parties
    ]


def _values(party: Party, registers: Mapping[str, Register]) -> Iterator[StoredValue]:
    """Yield the columns of the party's own row."""
    match party.kind:
        case PartyKind.CITIZEN:
            yield from _columns(party.citizen, FactTable.CITIZEN, _OF_PERSON, registers)
        case PartyKind.ORGANISATION:
            yield from _columns(party.organisation, FactTable.ORGANISATION, _OF_FIRM, registers)


def _columns(
    row: Citizen | Organisation,
    table: FactTable,
    names: Iterable[str],
    registers: Mapping[str, Register],
) -> Iterator[StoredValue]:
    row.register = registers[row.register_id]
    for name in names:
        value = value_in(row=row, origin=Origin(table, row.pk, name))
        if value is not None and value.value:
            yield value


def _records(parties: Sequence[int]) -> list[RegisterRecord]:
    """Return the records about the parties, the newest first, so many of each at most."""
    rows = RegisterRecord.objects.filter(subject__in=parties).select_related("register")
    kept: list[RegisterRecord] = []
    counts = dict.fromkeys(parties, 0)
    for record in rows.order_by("register", "kind", "-as_of", "pk")[: RECORDS_OF_ONE * 10]:
        counts[record.subject_id] += 1
        if counts[record.subject_id] <= RECORDS_OF_ONE:
            kept.append(record)
    return kept


def _inside(record: RegisterRecord) -> Iterator[StoredValue]:
    for key in sorted(record.body):
        value = value_in(row=record, origin=Origin(FactTable.RECORD, record.pk, key))
        if value is not None and value.value and value.kind is not ValueKind.WHOLE:
            yield value


def _sources(
    values: Iterable[StoredValue], doubts: Doubts, kinds: Mapping[int, str]
) -> list[Source]:
    """Return the values by register, kind and date, in the order in which they come.

    `kinds` names the kind of a record by its key, where the register keeps several.
    """
    found: dict[tuple[str, date, str], list[Row]] = {}
    for value in values:
        register = either(value.register.name_vi, value.register.name_en)
        row = Row(
            label=column_label(value.origin.table, value.origin.column),
            value=readable(value.origin.column, value.value),
            source="",
            as_of=None,
            note=doubts.note(value.origin),
            dispute_url=doubts.url(value.origin),
        )
        is_record = value.origin.table is FactTable.RECORD
        kind = kinds.get(value.origin.object_id, "") if is_record else ""
        found.setdefault((register, value.as_of, kind), []).append(row)
    return [Source(name, as_of, rows, kind) for (name, as_of, kind), rows in found.items()]


def _homes(parties: Sequence[int], day: date) -> dict[int, list[Source]]:
    """Return the household in which each person is registered; it is no single stored value."""
    members = HouseholdMember.objects.filter(citizen__in=parties, valid__contains=day)
    return {
        member.citizen_id: [
            Source(
                _("Household"),
                member.household.as_of,
                [
                    Row(_("Address"), member.household.address, "", None),
                    Row(_("Relation to head"), member.relation_to_head, "", None),
                ],
            )
        ]
        for member in members.select_related("household")
    }
