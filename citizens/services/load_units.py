"""Load the administrative units of the city, the former ones, and what went into what."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import Unit, UnitSuccession
from citizens.registers.tables import DATA
from citizens.registers.units import SuccessionFact, UnitFact, UnitKey, read_units
from citizens.services.loading import Loaded, write_rows


def load_units(*, folder: Path = DATA) -> Loaded:
    """Write the units and successions of the tables in `folder`; a second run writes nothing.

    The zone of a unit that is already there stays: officials decide it. RefusedError, with file,
    line and column, when a table is malformed; then nothing is written.
    """
    units, successions = read_units(folder)
    with transaction.atomic():
        loaded = _write_units(units)
        return loaded + _write_successions(successions)


def _existing() -> dict[UnitKey, Unit]:
    units = Unit.objects.filter(valid__startswith__isnull=False)
    return {(unit.code, unit.valid.lower or date.min): unit for unit in units}


def _write_units(facts: list[UnitFact]) -> Loaded:
    """Write one level after another, because a row names its parent by the parent's key."""
    loaded = Loaded()
    known: set[UnitKey | None] = {None}
    waiting = facts
    while waiting:
        ready = [fact for fact in waiting if fact.parent in known]
        waiting = [fact for fact in waiting if fact.parent not in known]
        existing = _existing()
        loaded += write_rows(
            Unit,
            existing=existing,
            wanted={fact.key: _values(fact, existing) for fact in ready},
            keep=("zone",),
        )
        known |= {fact.key for fact in ready}
    return loaded


def _values(fact: UnitFact, existing: dict[UnitKey, Unit]) -> dict[str, Any]:
    return {
        "code": fact.code,
        "name_vi": fact.name_vi,
        "name_en": fact.name_en,
        "kind": fact.kind,
        "zone": fact.zone,
        "parent_id": existing[fact.parent].pk if fact.parent else None,
        "valid": DateRange(fact.first, fact.end),
        "longitude": fact.longitude,
        "latitude": fact.latitude,
        "area_km2": fact.area_km2,
    }


def _write_successions(facts: list[SuccessionFact]) -> Loaded:
    units = _existing()
    wanted = {(units[fact.old].pk, units[fact.new].pk): fact.whole for fact in facts}
    return write_rows(
        UnitSuccession,
        existing={(row.old_id, row.new_id): row for row in UnitSuccession.objects.all()},
        wanted={
            key: {"old_id": key[0], "new_id": key[1], "whole": whole}
            for key, whole in wanted.items()
        },
    )
