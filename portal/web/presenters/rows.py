"""One known datum on a page: label, value as people read it, source and as-of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portal.common.masking import mask_phone, mask_pin
from portal.web.presenters.language import either
from portal.web.templatetags.portal_format import grouped, short_date, vnd
from procedures.enums import FieldSource, FieldType
from procedures.prefill import Filled


@dataclass(frozen=True)
class Row:
    """A row of templates/components/field_row.html."""

    label: str
    value: str
    source: str
    as_of: date | None
    note: str = ""
    dispute_url: str = ""


def row_of(filled: Filled) -> Row:
    """Return the row of a prefilled field that has a value."""
    register = either(filled.register_name_vi, filled.register_name_en)
    return Row(
        label=either(filled.label_vi, filled.label_en),
        value=shown_value(filled.type, filled.value),
        source=source_of(filled.source, register),
        as_of=filled.as_of,
    )


def source_of(source: str, register: str) -> str:
    """Return where a value comes from, in words."""
    match source:
        case FieldSource.REGISTER:
            return register
        case FieldSource.APPLICANT:
            return _("Your contact details")
        case FieldSource.COMPUTED:
            return _("Follows from the matter itself")
        case _:
            return _("Your own answer")


def shown_value(kind: str, value: str) -> str:
    """Return a stored value as people write it; numbers of persons and phones stay masked."""
    match kind:
        case FieldType.DATE:
            return _shown_date(value)
        case FieldType.BOOLEAN:
            return _("Yes") if value == "true" else _("No")
        case FieldType.PIN12:
            return mask_pin(value)
        case FieldType.PHONE:
            return mask_phone(value)
        case FieldType.MONEY if value.isdigit():
            return vnd(int(value))
        case FieldType.INTEGER if value.isdigit():
            return grouped(int(value))
        case _:
            return ", ".join(value.splitlines())


def _shown_date(value: str) -> str:
    """Return an ISO date as 20/11/2026, 1938-05 as 05/1938 and 1938 as it is."""
    try:
        return short_date(date.fromisoformat(value))
    except ValueError:
        return "/".join(reversed(value.split("-")))
