"""What the facts say, whatever their keys, times and nonces: equal states have equal digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet

from citizens.models import (
    Authority,
    Citizen,
    CitizenSensitive,
    ContactPoint,
    Credential,
    Discrepancy,
    EventParty,
    HouseholdMember,
    LifeEvent,
    Organisation,
    RegisterRecord,
    Rejection,
    Relation,
)

_AT_ONCE = 5_000
_MODULUS = 1 << 256


def facts_digest() -> dict[str, str]:
    """Return the number of rows and a digest for each table of facts, values decrypted.

    Rows are added up, so their order does not matter; parties are named by what identifies them.
    """
    names = _party_names()
    return {rows.model.__name__: _digest(rows, said, names) for rows, said in _TABLES()}


Names = dict[int, str]
Said = Callable[[Any, Names], list[Any]]


def _digest(rows: QuerySet[Any], said: Said, names: Names) -> str:
    total = count = 0
    for row in rows.iterator(chunk_size=_AT_ONCE):
        text = json.dumps(said(row, names), default=str, ensure_ascii=False, sort_keys=True)
        total += int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")
        count += 1
    return f"{count}:{total % _MODULUS:064x}"


def _party_names() -> Names:
    """Return what identifies each party: a hash of the PIN's index, a tax code, a book number."""
    people = Citizen.objects.values_list("pk", "pin_index").order_by()
    names = {pk: bytes(index or b"").hex()[:24] for pk, index in people.iterator()}
    names |= dict(Organisation.objects.values_list("pk", "tax_code"))
    members = HouseholdMember.objects.values_list("household", "household__book_number")
    return names | dict(members.distinct())


def _TABLES() -> Iterator[tuple[QuerySet[Any], Said]]:  # noqa: N802 - a table, made when asked
    yield Citizen.objects.select_related("unit").order_by(), _citizen
    yield (
        CitizenSensitive.objects.select_related("citizen").order_by(),
        lambda row, names: [names[row.pk], row.body, row.as_of],
    )
    yield (
        ContactPoint.objects.order_by(),
        lambda row, names: [
            names[row.party_id],
            row.channel,
            row.value,
            row.verified_at,
            row.shared,
        ],
    )
    yield (
        Credential.objects.order_by(),
        lambda row, names: [
            *(names[row.holder_id], row.kind, row.number, row.category, row.term),
            *(row.issued_on, row.expires_on, row.status, row.details, row.as_of),
        ],
    )
    yield (
        RegisterRecord.objects.order_by(),
        lambda row, names: [
            *(names[row.subject_id], row.register_id, row.kind),
            *(bytes(row.key_index).hex(), row.body, row.as_of),
        ],
    )
    yield (
        Relation.objects.order_by(),
        lambda row, names: [names[row.person_id], names[row.relative_id], row.kind, row.valid],
    )
    yield (
        Authority.objects.order_by(),
        lambda row, names: [names[row.actor_id], names[row.for_party_id], row.basis, row.valid],
    )
    yield (
        HouseholdMember.objects.order_by(),
        lambda row, names: [
            *(names[row.household_id], names[row.citizen_id]),
            *(row.relation_to_head, row.is_head, row.valid),
        ],
    )
    yield (
        LifeEvent.objects.order_by(),
        lambda row, names: [row.kind, row.occurred_on, _event_key(row, names)],
    )
    yield (
        EventParty.objects.select_related("event").order_by(),
        lambda row, names: [row.event.kind, names[row.party_id], row.role],
    )
    yield (
        Discrepancy.objects.order_by(),
        lambda row, names: [
            *(names[row.subject_id], row.kind, row.column),
            *(row.held_value, row.stated_value, row.due_on),
        ],
    )
    yield (
        Rejection.objects.order_by(),
        lambda row, names: [row.line, row.column, row.code, row.reason_vi, row.row],
    )


def _citizen(row: Citizen, names: Names) -> list[Any]:
    return [
        *(row.pin, row.full_name, row.gender, row.birth_date, row.birth_precision),
        *(row.died_on, row.emigrated_on, row.unit.code, row.current_address),
        *(row.permanent_address, row.register_id, row.as_of, row.name_sort),
    ]


def _event_key(row: LifeEvent, names: Names) -> str:
    """Return the natural key; one that ends in a party's key with that party's name."""
    head, colon, party = row.natural_key.rpartition(":")
    return f"{head}:{names[int(party)]}" if colon and party.isdigit() else row.natural_key
