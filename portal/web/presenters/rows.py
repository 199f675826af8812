"""One known datum on a page: label, value as people read it, source and as-of date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from citizens.enums import PartyKind
from citizens.models import Citizen, Party
from citizens.selectors import name_of
from citizens.selectors.readable import decimal_text, moment_text
from dossiers.documents.words import moments_read
from portal.common.masking import mask_phone, mask_pin
from portal.web.presenters.language import either
from portal.web.presenters.people import GROWN_UP
from portal.web.templatetags.portal_format import grouped, short_date, vnd
from procedures.enums import FieldSource, FieldType
from procedures.prefill import Filled
from procedures.rules import age_on

_APPLICANT = "applicant"  # the group of the fields about who files


@dataclass(frozen=True)
class Row:
    """A row of templates/components/field_row.html."""

    label: str
    value: str
    source: str
    as_of: date | None
    note: str = ""
    dispute_url: str = ""


@dataclass(frozen=True)
class Part:
    """The rows about one person; `heading` is "" where a form speaks of one person only."""

    heading: str
    first: list[Row]
    rest: list[Row]


def parts_of(
    rows: Iterable[tuple[str, Row]],
    *,
    subject: Party,
    applicant: Citizen,
    first: int,
    day: date,
    about: str = "",
) -> list[Part]:
    """Return rows, each with the group of its field, by person: whom it is about, then who files.

    `first` rows of each part are shown at once, the others on demand. `about` is the heading where
    it is about somebody else than the subject: a child that is being registered.
    """
    rows = list(rows)
    mine = [row for group, row in rows if group == _APPLICANT]
    theirs = [row for group, row in rows if group != _APPLICANT]
    if subject.pk == applicant.pk or not mine or not theirs:
        whole = [row for _group, row in rows]
        return [Part("", whole[:first], whole[first:])]
    filed_by = _("Filed by: %(name)s") % {"name": applicant.full_name}
    return [
        Part(about or _about(subject, day), theirs[:first], theirs[first:]),
        Part(filed_by, mine[:first], mine[first:]),
    ]


def _about(subject: Party, day: date) -> str:
    name = {"name": name_of(subject)}
    if subject.kind == PartyKind.CITIZEN and age_on(subject.citizen.birth_date, day) < GROWN_UP:
        return pgettext("a minor", "About %(name)s") % name
    return _("About %(name)s") % name


def row_of(filled: Filled, *, dispute_url: str = "", note: str = "") -> Row:
    """Return the row of a prefilled field that has a value, with what is to be said against it."""
    register = either(filled.register_name_vi, filled.register_name_en)
    return Row(
        label=either(filled.label_vi, filled.label_en),
        value=shown_value(filled.type, filled.value, filled.english),
        source=source_of(filled.source, register),
        as_of=filled.as_of,
        note=note,
        dispute_url=dispute_url,
    )


def source_of(source: str, register: str) -> str:
    """Return where a value comes from, in words."""
    match source:
        case FieldSource.REGISTER:
            return register
        case FieldSource.CONTESTED:
            return _("Your own statement against the register")
        case FieldSource.APPLICANT:
            return _("Your contact details")
        case FieldSource.COMPUTED:
            return _("Follows from the matter itself")
        case _:
            return _("Your own answer")


def shown_value(kind: str, value: str, english: Mapping[str, str] | None = None) -> str:
    """Return a stored value as people write it; numbers of persons and phones stay masked.

    `english` are the English words of the field's choices by the Vietnamese ones, which are stored.
    """
    if kind in _WRITTEN:
        return _WRITTEN[kind](value)
    match kind:
        case FieldType.BOOLEAN:
            return _("Yes") if value == "true" else _("No")
        case FieldType.MONEY if value.isdigit():
            return vnd(int(value))
        case FieldType.INTEGER if value.isdigit():
            return grouped(int(value))
        case _:
            words = english or {}
            told = ", ".join(either(line, words.get(line, "")) for line in value.splitlines())
            return moments_read(told)


def _shown_date(value: str) -> str:
    """Return an ISO date as 20/11/2026, 1938-05 as 05/1938 and 1938 as it is."""
    try:
        return short_date(date.fromisoformat(value))
    except ValueError:
        return "/".join(reversed(value.split("-")))


_WRITTEN: Mapping[str, Callable[[str], str]] = {
    FieldType.DATE: _shown_date,
    FieldType.DATETIME: moment_text,
    FieldType.PIN12: mask_pin,
    FieldType.PHONE: mask_phone,
    FieldType.DECIMAL: decimal_text,
}
