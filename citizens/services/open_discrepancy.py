"""Open a case where two registers, or a person and a register, state different values.

A stored value has one open case at most: whoever else doubts it joins that case. Nobody is blocked
by it; the value stands until an official decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import BigIntegerField
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from citizens.enums import DiscrepancyKind, FactTable
from citizens.models import Agency, Batch, Discrepancy, Party, Register, Unit, User
from citizens.selectors import steward_of, working_calendar
from citizens.services.case_values import masked
from portal.common.sql import Statement

# NĐ 356/2025/NĐ-CP: what a person asks to have put right is put right within 10 working days …
CONTEST_WORKING_DAYS = 10
# … or 20 where others must be asked. Between registers nobody waits, and others must be asked.
REGISTERS_WORKING_DAYS = 20
MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """One disagreement that an import found; values as text (dates ISO), "" for none.

    `register` and `other_register` are codes: who holds the value, who states the other one.
    """

    subject_id: int
    kind: DiscrepancyKind
    table: FactTable
    object_id: int
    column: str
    register: str
    other_register: str | None
    held_value: str
    stated_value: str


@transaction.atomic
def open_discrepancy(
    *,
    subject: Party,
    kind: DiscrepancyKind,
    table: FactTable,
    object_id: int,
    column: str,
    register: Register,
    other_register: Register | None = None,
    held_value: str,
    stated_value: str,
    day: date,
    batch: Batch | None = None,
    raised_by: User | None = None,
    note: str = "",
) -> Discrepancy:
    """Return the one open case about a stored value, opened on the civil date `day` if none stood.

    Its owner is the register's steward for the subject's unit, its due date counts in working days
    from `day`. Identifiers are masked, `note` (the person's own words) is sealed. A person who
    contests what is already in doubt joins: their words are added, the earlier due date holds.
    AgencyMissingError when no office at all serves the subject.
    """
    case = Discrepancy(
        subject=subject,
        kind=kind,
        table=table,
        object_id=object_id,
        column=column,
        register=register,
        other_register=other_register,
        batch=batch,
        held_value=masked(column, held_value),
        stated_value=masked(column, stated_value),
        raised_by=raised_by,
        owner=steward_of(register=register, unit=_unit_of(subject), day=day),
        opened_on=day,
        due_on=_due_on(kind, day),
    )
    case.note_enc = case.seal_note(note) if note else None
    while (standing := _standing(case)) is None:
        Discrepancy.objects.bulk_create([case], ignore_conflicts=True)
    if standing.public_id != case.public_id and raised_by is not None:
        _join(standing, case)
    return standing


@transaction.atomic
def open_discrepancies(*, rows: Iterable[Found], day: date, batch: Batch | None) -> int:
    """Open a case for each row whose value has none yet; return how many were opened.

    At most MOST_ROWS rows a call (ValueError): five queries and one look-up of the owner for each
    register and unit among them. Rows whose subject is gone are left out.
    """
    found = list(rows)
    if len(found) > MOST_ROWS:
        raise ValueError(f"{len(found)} discrepancies at once, {MOST_ROWS} at most.")
    if not found:
        return 0
    owners = _owners(found, day)
    due = {kind: _due_on(kind, day) for kind in {row.kind for row in found}}
    cases = [
        _columns(row)
        | {
            "batch_id": None if batch is None else batch.pk,
            "owner_id": owners[row.register, row.subject_id],
            "opened_on": day.isoformat(),
            "due_on": due[row.kind].isoformat(),
        }
        for row in found
        if (row.register, row.subject_id) in owners
    ]
    return _insert(cases)


def _unit_of(subject: Party) -> Unit:
    return Unit.objects.select_related("parent__parent").get(pk=_units_of([subject.pk])[subject.pk])


def _units_of(subjects: Iterable[int]) -> dict[int, int]:
    """Return where each party is registered, a person, an organisation or a household."""
    unit = Coalesce(
        "citizen__unit", "organisation__unit", "household__unit", output_field=BigIntegerField()
    )
    parties = Party.objects.filter(pk__in=set(subjects)).annotate(place=unit)
    return {pk: place for pk, place in parties.values_list("pk", "place") if place is not None}


def _due_on(kind: DiscrepancyKind, day: date) -> date:
    is_asked = kind == DiscrepancyKind.CONTESTED
    limit = CONTEST_WORKING_DAYS if is_asked else REGISTERS_WORKING_DAYS
    return working_calendar().add_working_days(day, limit)


def _standing(case: Discrepancy) -> Discrepancy | None:
    """Return the open case about the same value, locked."""
    same = Discrepancy.objects.open().select_for_update(of=("self",)).select_related("owner")
    return same.filter(table=case.table, object_id=case.object_id, column=case.column).first()


def _join(standing: Discrepancy, case: Discrepancy) -> None:
    """Add what a person says to a case that stands; saying the same again adds nothing."""
    known = standing.note.splitlines()
    other = "" if case.stated_value == standing.stated_value else _stated(case.stated_value)
    added = [line for line in (other, *case.note.splitlines()) if line and line not in known]
    if not added and standing.raised_by_id is not None:
        return
    if added:
        standing.note_enc = standing.seal_note("\n".join([*known, *added]))
    standing.raised_by_id = standing.raised_by_id or case.raised_by_id
    standing.due_on = min(standing.due_on, case.due_on)
    standing.version += 1
    standing.save(update_fields=["note_enc", "raised_by", "due_on", "version"])


def _stated(value: str) -> str:
    """Return the value that a person holds to be right, in a sentence for the officials."""
    with translation.override("vi"):
        return _("Says it should be: %(value)s") % {"value": value} if value else ""


def _owners(found: Iterable[Found], day: date) -> Mapping[tuple[str, int], int]:
    """Return the owner's key for each register and subject, resolved once a register and unit."""
    places = _units_of(row.subject_id for row in found)
    registers = Register.objects.in_bulk({row.register for row in found})
    units = Unit.objects.select_related("parent__parent").in_bulk(set(places.values()))
    offices: dict[tuple[str, int], Agency] = {}
    owners: dict[tuple[str, int], int] = {}
    for row in found:
        place = places.get(row.subject_id)
        if place is None:
            continue
        if (row.register, place) not in offices:
            offices[row.register, place] = steward_of(
                register=registers[row.register], unit=units[place], day=day
            )
        owners[row.register, row.subject_id] = offices[row.register, place].pk
    return owners


def _columns(row: Found) -> dict[str, object]:
    return {
        "subject_id": row.subject_id,
        "kind": row.kind,
        "table": row.table,
        "object_id": row.object_id,
        "column": row.column,
        "register_id": row.register,
        "other_register_id": row.other_register,
        "held_value": masked(row.column, row.held_value),
        "stated_value": masked(row.column, row.stated_value),
    }


def _insert(cases: list[dict[str, object]]) -> int:
    """Write all rows by one statement from one JSON parameter; those that stand are left out."""
    if not cases:
        return 0
    kinds = {"subject_id": "bigint", "object_id": "bigint", "batch_id": "bigint"}
    kinds |= {"owner_id": "bigint", "opened_on": "date", "due_on": "date"}
    names = ", ".join(f'"{name}"' for name in cases[0])
    typed = ", ".join(f'"{name}" {kinds.get(name, "text")}' for name in cases[0])
    sql = (
        f"INSERT INTO citizens_discrepancy ({names}) SELECT {names} "  # noqa: S608 - our own names
        f"FROM jsonb_to_recordset(%s::jsonb) AS found({typed}) ON CONFLICT DO NOTHING"
    )
    return Statement(sql, (json.dumps(cases, ensure_ascii=False),)).execute()
