"""Open a case for each of the many disagreements that an import finds, in few statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import BigIntegerField
from django.db.models.functions import Coalesce

from citizens.enums import DiscrepancyKind, FactTable
from citizens.models import Agency, Batch, Discrepancy, Party, Register, Unit
from citizens.selectors import steward_of
from citizens.services.case_values import masked
from citizens.services.open_discrepancy import due_on, register_says
from portal.common.sql import Statement

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
def open_discrepancies(*, rows: Iterable[Found], day: date, batch: Batch | None) -> int:
    """Open a case for each row whose value has none yet; return how many were opened.

    At most MOST_ROWS rows a call (ValueError): five queries and one look-up of the owner for each
    register and unit among them. Left out are rows whose subject is gone, and those about which an
    official decided already while both sides stated the same. A name that contradicts the number
    (F26) is added to the note of the case that its value has: whoever settles that sees it.
    """
    found = list(rows)
    if len(found) > MOST_ROWS:
        raise ValueError(f"{len(found)} discrepancies at once, {MOST_ROWS} at most.")
    if not found:
        return 0
    owners = _owners(found, day)
    due = {kind: due_on(kind=kind, day=day) for kind in {row.kind for row in found}}
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
    opened = _insert(cases)
    _note_identities(found)
    return opened


def _note_identities(found: Iterable[Found]) -> None:
    """Say in open cases which other name a register states for the same number."""
    stated = {
        (str(row.table), row.object_id, row.column): row
        for row in found
        if row.kind == DiscrepancyKind.IDENTITY
    }
    if not stated:
        return
    tables, objects, columns = map(set, zip(*stated, strict=True))
    standing = Discrepancy.objects.open().filter(
        table__in=tables, object_id__in=objects, column__in=columns
    )
    names = dict(Register.objects.values_list("pk", "name_vi"))
    noted = []
    for case in standing.select_for_update().order_by("pk"):
        row = stated.get((case.table, case.object_id, case.column))
        if row is not None and _is_noted(case, row, names.get(row.other_register or "", "")):
            noted.append(case)
    Discrepancy.objects.bulk_update(noted, ["note_enc", "version"])


def _is_noted(case: Discrepancy, row: Found, register: str) -> bool:
    """Add what a register states to the note, unless the case shows it; return whether it did."""
    value = masked(row.column, row.stated_value)
    line, known = register_says(register, value), case.note.splitlines()
    is_shown = (case.other_register_id, case.stated_value) == (row.other_register, value)
    if is_shown or line in known:
        return False
    case.note_enc = case.seal_note("\n".join([*known, line]))
    case.version += 1
    return True


def _units_of(subjects: Iterable[int]) -> dict[int, int]:
    """Return where each party is registered, a person, an organisation or a household."""
    unit = Coalesce(
        "citizen__unit", "organisation__unit", "household__unit", output_field=BigIntegerField()
    )
    parties = Party.objects.filter(pk__in=set(subjects)).annotate(place=unit)
    return {pk: place for pk, place in parties.values_list("pk", "place") if place is not None}


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


# What an official decided about the same two values is not asked again with every delivery.
_DECIDED_SQL = """
SELECT FROM citizens_discrepancy AS decided
WHERE decided.subject_id = found.subject_id AND decided.table = found.table
  AND decided.object_id = found.object_id AND decided.column = found.column
  AND decided.other_register_id IS NOT DISTINCT FROM found.other_register_id
  AND decided.stated_value = found.stated_value
  AND (decided.state = 'upheld' AND decided.held_value = found.held_value
    OR decided.state = 'corrected' AND EXISTS (
      SELECT FROM citizens_correction AS correction
      WHERE correction.discrepancy_id = decided.id AND correction.value = found.held_value))
"""


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
        f"FROM jsonb_to_recordset(%s::jsonb) AS found({typed}) "
        f"WHERE NOT EXISTS ({_DECIDED_SQL}) ON CONFLICT DO NOTHING"
    )
    return Statement(sql, (json.dumps(cases, ensure_ascii=False),)).execute()
