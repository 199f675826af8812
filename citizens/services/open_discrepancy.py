"""Open a case where two registers, or a person and a register, state different values.

A stored value has one open case at most: whoever else doubts it joins that case. Nobody is blocked
by it; the value stands until an official decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from citizens.enums import DiscrepancyKind, FactTable
from citizens.models import Batch, Discrepancy, Party, Register, User
from citizens.selectors import steward_of, unit_of, working_calendar
from citizens.services.case_values import masked

# NĐ 356/2025/NĐ-CP: what a person asks to have put right is put right within 10 working days …
CONTEST_WORKING_DAYS = 10
# … or 20 where others must be asked. Between registers nobody waits, and others must be asked.
REGISTERS_WORKING_DAYS = 20


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
        owner=steward_of(register=register, unit=unit_of(party=subject), day=day),
        opened_on=day,
        due_on=due_on(kind=kind, day=day),
    )
    said = "\n".join(filter(None, (_hidden(case, stated_value, raised_by), note)))
    case.note_enc = case.seal_note(said) if said else None
    while (standing := _standing(case)) is None:
        Discrepancy.objects.bulk_create([case], ignore_conflicts=True)
    if standing.public_id != case.public_id and raised_by is not None:
        _join(standing, case)
    return standing


def due_on(*, kind: DiscrepancyKind, day: date) -> date:
    """Return by when a case opened on `day` is to be settled, by the working calendar."""
    is_asked = kind == DiscrepancyKind.CONTESTED
    limit = CONTEST_WORKING_DAYS if is_asked else REGISTERS_WORKING_DAYS
    return working_calendar().add_working_days(day, limit)


def _hidden(case: Discrepancy, stated_value: str, raised_by: User | None) -> str:
    """Return a person's value in words where the case shows it masked only: the note is sealed."""
    is_hidden = raised_by is not None and case.stated_value != stated_value
    return _stated(stated_value) if is_hidden else ""


def _standing(case: Discrepancy) -> Discrepancy | None:
    """Return the open case about the same value, locked."""
    same = Discrepancy.objects.open().select_for_update(of=("self",))
    same = same.select_related("owner", "other_register")
    return same.filter(table=case.table, object_id=case.object_id, column=case.column).first()


def _join(standing: Discrepancy, case: Discrepancy) -> None:
    """Add what a person says to a case that stands; saying the same again adds nothing."""
    known, added = standing.note.splitlines(), case.note.splitlines()
    if case.stated_value != standing.stated_value:
        added.insert(0, _other_statement(standing, case))
    added = [line for line in added if line not in known]
    if not added and standing.raised_by_id is not None:
        return
    if added:
        standing.note_enc = standing.seal_note("\n".join([*known, *added]))
    standing.raised_by_id = standing.raised_by_id or case.raised_by_id
    standing.due_on = min(standing.due_on, case.due_on)
    standing.version += 1
    standing.save()


def _other_statement(standing: Discrepancy, case: Discrepancy) -> str:
    """Return the value that the case does not show, as a line for officials.

    The first person's value is the one that stands in their forms; what a register had stated
    before it is kept in words. A further person's value is a line from the beginning.
    """
    if standing.raised_by_id is not None:
        return _stated(case.stated_value)
    who = "" if standing.other_register is None else standing.other_register.name_vi
    line = register_says(who, standing.stated_value)
    standing.kind, standing.other_register = DiscrepancyKind.CONTESTED, None
    standing.stated_value = case.stated_value
    return line


def register_says(name_vi: str, value: str) -> str:
    """Return what a register states as a line of a case's note, in the officials' language."""
    return _in_vietnamese(_("%(register)s says: %(value)s"), {"register": name_vi, "value": value})


def _stated(value: str) -> str:
    return _in_vietnamese(_("Says it should be: %(value)s"), {"value": value})


def _in_vietnamese(sentence: object, words: Mapping[str, str]) -> str:
    """Return a lazy sentence in the language of the officials who read it."""
    with translation.override("vi"):
        return str(sentence) % words
