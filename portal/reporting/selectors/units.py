"""The units of which figures are told, and the districts that they were before."""

from __future__ import annotations

from datetime import date

from citizens.enums import UnitKind
from citizens.models import Unit
from portal.reporting.selectors.lattice import cells


def units_counted(*, day: date) -> list[Unit]:
    """Return the province and all its communes, wards and zones on `day`, in order of code."""
    kinds = (UnitKind.PROVINCE, UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE)
    return list(Unit.objects.valid_on(day).filter(kind__in=kinds).order_by("code"))


def former_districts() -> dict[str, str]:
    """Return the names of the former districts that group the map, by code."""
    codes = {cell.group for cell in cells().values()}
    rows = Unit.objects.filter(kind=UnitKind.DISTRICT, code__in=codes).order_by("valid")
    return dict(rows.values_list("code", "name_vi"))
