"""Load the kinds of agency that the catalogue names, and the offices of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.enums import AgencyLevel, UnitKind
from citizens.models import Agency, AgencyKind, Unit
from citizens.registers.tables import DATA, Read, Row, one_of, read_table, text
from citizens.registers.units import CITY, MERGED_ON
from citizens.services.loading import Loaded, write_rows

# The province's letter and number in the codes of agencies (Đà Nẵng: H17, not yet confirmed after
# the merger); the setting AGENCY_CODE_HEAD changes it.
CODE_HEAD = "H17"


def load_agencies(*, folder: Path = DATA, head: str | None = None) -> Loaded:
    """Write the kinds and one office of a commune kind in each of the 94 units; needs `load_units`.

    Codes are ``H17.<office>`` in the city and ``H17.<unit>.<office>`` in a commune; `head` replaces
    H17. RefusedError when the table is malformed. Addresses that officials corrected stay.
    """
    rows = _read(folder)
    with transaction.atomic():
        kinds = {
            row["key"]: {name: row[name] for name in ("key", "name_vi", "name_en", "level")}
            for row in rows
        }
        loaded = write_rows(AgencyKind, existing=AgencyKind.objects.in_bulk(), wanted=kinds)
        return loaded + _write_offices(rows, head or _head())


def _head() -> str:
    return str(getattr(settings, "AGENCY_CODE_HEAD", CODE_HEAD))


def _read(folder: Path) -> list[Row]:
    levels = {level.value: level for level in AgencyLevel}
    columns: dict[str, Read] = {
        **dict.fromkeys(("key", "office_name_vi", "name_vi", "name_en", "code"), text),
        "level": one_of(levels),
        "address": str,
    }
    return read_table(folder / "agency_kinds.csv", columns, unique=("key",))


def _write_offices(rows: list[Row], head: str) -> Loaded:
    units = list(Unit.objects.valid_on(MERGED_ON).exclude(kind=UnitKind.DISTRICT))
    offices = Agency.objects.filter(valid__contains=MERGED_ON)
    return write_rows(
        Agency,
        existing={(office.kind_id, office.unit_id): office for office in offices},
        wanted={(row["key"], unit.pk): values for row, unit, values in _offices(rows, units, head)},
        keep=("address", "valid"),
    )


def _offices(
    rows: list[Row], units: list[Unit], head: str
) -> Iterator[tuple[Row, Unit, dict[str, Any]]]:
    """Yield each office: those of the communes in every commune, the others once, in the city."""
    for row in rows:
        in_commune = row["level"] == AgencyLevel.COMMUNE
        for unit in units:
            if in_commune == (unit.code == CITY):
                continue
            parts = (head, unit.code, row["code"]) if in_commune else (head, row["code"])
            yield row, unit, _values(row, unit, ".".join(parts))


def _values(row: Row, unit: Unit, code: str) -> dict[str, Any]:
    place = unit.name_vi[0].lower() + unit.name_vi[1:]
    return {
        "kind_id": row["key"],
        "unit_id": unit.pk,
        "code": code,
        "name_vi": row["office_name_vi"].format(unit=place),
        "address": row["address"].format(unit=place),
        "valid": DateRange(MERGED_ON, None),
    }
