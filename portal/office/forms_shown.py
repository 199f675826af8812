"""The form of a dossier as its official reads it: each value with its source and date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from citizens.models import Register
from citizens.selectors.readable import decimal_text, moment_text
from dossiers.documents.words import moments_read
from portal.common.masking import mask_email, mask_phone, mask_pin
from procedures.definition import FormField
from procedures.enums import FieldType
from procedures.prefill import Filled

_SOURCES: Mapping[str, Any] = {
    "applicant": _("Known of the applicant"),
    "computed": _("Computed"),
    "citizen": _("Answered by the citizen"),
    "contested": _("Stated by the citizen against the register"),
}
_MASKS = {
    FieldType.PIN12: mask_pin,
    FieldType.PHONE: mask_phone,
    FieldType.EMAIL: mask_email,
}


Field = FormField | Filled


@dataclass(frozen=True)
class Shown:
    """One field; `is_answer` marks what the citizen wrote, everything else came prepared."""

    name: str
    label: str
    value: str
    source: str
    as_of: date | None
    is_answer: bool


@dataclass(frozen=True)
class Source:
    """A register that filled fields of the form: how many, and how old the oldest is."""

    name: str
    count: int
    as_of: date | None


def shown_form(
    form: Mapping[str, Mapping[str, Any]], fields: Iterable[Field], registers: Mapping[str, str]
) -> list[Shown]:
    """Return the filled fields in the order of the form; numbers, phones and addresses masked."""
    return [_shown(field, form[field.name], registers) for field in fields if field.name in form]


def sources_of(shown: Iterable[Shown]) -> list[Source]:
    """Return where the prepared values come from, the register of most fields first."""
    prepared = [field for field in shown if not field.is_answer and field.source]
    dates: dict[str, list[date]] = {}
    for field in prepared:
        dates.setdefault(field.source, []).extend([field.as_of] if field.as_of else [])
    counts = Counter(field.source for field in prepared)
    return [
        Source(name, count, min(dates[name], default=None)) for name, count in counts.most_common()
    ]


def register_names(registers: Iterable[Register] | None = None) -> dict[str, str]:
    """Return the registers by code, in the language of the page (one query, none of known ones)."""
    english = get_language() == "en"
    rows = Register.objects.all() if registers is None else registers
    return {row.code: (row.name_en if english and row.name_en else row.name_vi) for row in rows}


def _shown(field: Field, entry: Mapping[str, Any], registers: Mapping[str, str]) -> Shown:
    source = str(entry.get("source") or "")
    return Shown(
        name=field.name,
        label=field.label_en if get_language() == "en" else field.label_vi,
        value=_text(field, str(entry.get("value") or "")),
        source=_source(field, entry, registers),
        as_of=None if source == "contested" else _date(entry.get("as_of")),
        is_answer=source in ("citizen", "contested"),
    )


def _source(field: Field, entry: Mapping[str, Any], registers: Mapping[str, str]) -> str:
    """Return where a value comes from; of a contested one also what the register says."""
    source = str(entry.get("source") or "")
    register = registers.get(str(entry.get("register") or ""))
    told = str(_SOURCES.get(source, ""))
    if source != "contested":
        return register or told
    return f"{told} · {register}: {_text(field, str(entry.get('held') or ''))}"


def _text(field: Field, value: str) -> str:
    """Return a stored value as people read it."""
    mask = _MASKS.get(field.type)
    if mask is not None:
        return mask(value)
    if field.type is FieldType.BOOLEAN and value:
        return str(_("Yes") if value == "true" else _("No"))
    if field.type is FieldType.DECIMAL:
        return decimal_text(value)
    if field.type is FieldType.DATETIME:
        return moment_text(value)
    day = _date(value)
    return f"{day:%d/%m/%Y}" if day else moments_read(value)


def _date(value: Any) -> date | None:
    if not isinstance(value, str) or len(value) != len("2026-01-31"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
