"""Stored values in words for screens: what a column is called, how its value is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from citizens.enums import FactTable, Gender
from citizens.models.parties import GENDERS
from citizens.selectors.stored_values import COLUMNS, DETAIL, MODELS
from portal.common import clock
from portal.common.masking import mask_number, mask_pin

_MASKS = {"pin": mask_pin, "number": mask_number}
_DATE_ONLY = len("2026-11-20")
_DECIMALS = frozenset({"area"})  # whatever the registers' tables read as a decimal number
# Keys of records and details that forms are filled from.
_OTHER_LABELS: Mapping[str, Any] = MappingProxyType(
    {
        "pin": _("Personal number"),
        "number": _("Number"),
        "book": _("Book of the register (volume and year)"),
        "plate": _("Number plate"),
        "area": _("Area (m²)"),
        "address": _("Address"),
        "parcel": _("Parcel of land"),
        "status": _("Status"),
        "seats": _("Seats"),
        "brand": _("Make"),
        "made_in": _("Year made"),
        "hometown": _("Home town"),
        "nationality": _("Nationality"),
        "marital_status": _("Marital status"),
        "place_of_birth": _("Place of birth"),
        "place": pgettext_lazy("of a document", "Place"),
        "date": _("Date"),
        "health_card": _("Health insurance number"),
        "kind": _("Kind"),
        "scope": _("Scope"),
        "title": _("Title"),
        "degree": _("Degree"),
        "hours": _("Hours"),
        "year": _("Year"),
        "valid_until": _("Valid until"),
        "registration_place": _("Registered at"),
        "temporary_address": _("Temporary address"),
        "birth_registration_place": _("Birth registered at"),
        "licence": _("Transport licence number"),
        "certificate": _("Certificate number"),
        "code": _("Notice number"),
        "birth_date": _("Birth date"),
        "gender": _("Sex"),
        "facility": _("Health facility"),
        "weight_g": _("Weight (g)"),
        "time": _("Time"),
        "cause": _("Cause"),
        "registered_on": _("Registered on"),
        "order": _("Which child"),
        "husband": _("Husband"),
        "wife": _("Wife"),
        "relation": _("Relation"),
        "valid_to": _("Until"),
        "owned": _("Owned"),
        "catchment": _("School of the catchment"),
        "kindergarten": _("Kindergarten"),
        "class": _("Class"),
        "result": _("Result"),
        "decided_on": _("Decided on"),
        "issuer": _("Issued by"),
        "dossier": _("Dossier"),
    }
)


def column_label(table: str, column: str) -> str:
    """Return what a column is called on screens; a record's key is shown as its register has it."""
    if column in COLUMNS[FactTable(table)] and column not in _OTHER_LABELS:
        return str(capfirst(MODELS[FactTable(table)]._meta.get_field(column).verbose_name))
    name = column.removeprefix(DETAIL)
    return str(_OTHER_LABELS.get(name) or capfirst(name.replace("_", " ").replace(".", ", ")))


def readable(column: str, value: str) -> str:
    """Return a value as people write it; numbers of persons and papers are masked."""
    if column in _MASKS:
        return _MASKS[column](value)
    if column.removeprefix(DETAIL) in _DECIMALS:
        return decimal_text(value)
    if column == "gender" and value in set(Gender):
        return str(dict(GENDERS)[Gender(value)])
    if value in ("true", "false"):
        return gettext("Yes") if value == "true" else gettext("No")
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except ValueError:
        return "/".join(reversed(value.split("-"))) if _is_month(value) else value


def decimal_text(value: str) -> str:
    """Return a number as the page's readers write it (120.7 as 120,7), other words as they are."""
    try:
        return str(number_format(Decimal(value).normalize()))
    except InvalidOperation:
        return value


def moment_text(value: str) -> str:
    """Return an ISO hour and civil date (2026-11-20T07:30) as 07:30 20/11/2026, others as they are.

    An instant that names its offset is told in civil time.
    """
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    civil = at if at.tzinfo is None else clock.civil_time(at)
    return f"{civil:%d/%m/%Y}" if len(value) == _DATE_ONLY else f"{civil:%H:%M %d/%m/%Y}"


def _is_month(value: str) -> bool:
    year, _dash, month = value.partition("-")
    return len(year) == 4 and year.isdigit() and len(month) == 2 and month.isdigit()
