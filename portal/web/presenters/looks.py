"""Who looked at a person's data: when, which office, why, and what was shown, in plain words.

The office answers for its official: a citizen reads office and position, never the name. Whoever
wants to know more asks that office, which finds the person in its own log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.models import AccessLog
from portal.common import clock

FIELDS = {
    "full_name": gettext_lazy("full name"),
    "name": gettext_lazy("name"),
    "personal_id": gettext_lazy("personal number"),
    "personal_id_masked": gettext_lazy("personal number, masked"),
    "birth_date": gettext_lazy("birth date"),
    "gender": gettext_lazy("gender"),
    "address": gettext_lazy("address"),
    "phone": gettext_lazy("phone number"),
    "papers": gettext_lazy("papers"),
    "paper": gettext_lazy("paper"),
    "issued_on": gettext_lazy("day of issue"),
    "expires_on": gettext_lazy("last day"),
    "status": gettext_lazy("state"),
    "state": gettext_lazy("state"),
    "suggestion": gettext_lazy("suggestion"),
    "due_on": gettext_lazy("date that counts"),
    "topic": gettext_lazy("subject of a message"),
    "text": gettext_lazy("text of a message"),
    "form": gettext_lazy("form of the dossier"),
    "dossier_code": gettext_lazy("dossier code"),
    "phone_masked": gettext_lazy("phone number, masked"),
    "unit": gettext_lazy("place of residence"),
    "procedure": gettext_lazy("procedure"),
    "tax_code": gettext_lazy("tax code"),
    "applicant": gettext_lazy("applicant"),
    "owner": gettext_lazy("owner of the dossier"),
    "data_copy": gettext_lazy("copy of all data"),
    "ethnicity": gettext_lazy("ethnicity"),
    "religion": gettext_lazy("religion"),
    "blood_type": gettext_lazy("blood type"),
    "poverty_status": gettext_lazy("poverty status"),
    "data_request": gettext_lazy("request about data"),
    "field": gettext_lazy("which entry is in doubt"),
    "register": gettext_lazy("register"),
    "held_value": gettext_lazy("the entry as it is held"),
    "stated_value": gettext_lazy("the entry as somebody else states it"),
    "note": gettext_lazy("what was written about it"),
    "household_status": gettext_lazy("poverty status"),
    "cause": gettext_lazy("cause of death"),
    "rule_answers": gettext_lazy("why the portal (does not) write to the person"),
    "feedback": gettext_lazy("feedback"),
    "rejected_row": gettext_lazy("row of a delivery that a register could not take over"),
}
_CASE = "discrepancy "


@dataclass(frozen=True)
class Look:
    """One view by an official; `shared` counts people on the same page who are none of mine.

    `about` names whom it showed, empty where that can only be the reader.
    """

    at: datetime
    office: str
    position: str
    purpose: str
    reference: str
    reference_url: str
    shown: str
    about: str
    shared: int


@dataclass(frozen=True)
class Day:
    """The looks of one civil date, the latest first."""

    day: date
    looks: list[Look]


def looks(
    rows: Iterable[AccessLog], *, names: Mapping[int, str], links: Mapping[str, str]
) -> list[Look]:
    """Return the views in words; `names` are those of the reader's parties by key.

    `links` lead from a dossier's code to its page, where that is the reader's.
    """
    return [_look(row, names, links) for row in rows]


def by_day(told: Iterable[Look]) -> list[Day]:
    """Return looks, which come latest first, grouped by civil date."""
    grouped = groupby(told, key=lambda look: clock.civil_date(look.at))
    return [Day(day, list(of_day)) for day, of_day in grouped]


def office_name(row: AccessLog) -> str:
    """Return the office for which the official looked, or the person who opened a copy."""
    if row.actor.citizen_id is not None:
        return _("Account of %(name)s") % {"name": row.actor.display_name}
    return row.office.name_vi if row.office else _("Administration of the portal")


def _reference(row: AccessLog) -> str:
    """Return the code of a dossier or request, or the number of a case."""
    if row.reference.startswith(_CASE):
        return _("case %(number)s") % {"number": row.reference.removeprefix(_CASE)}
    return row.reference


def _look(row: AccessLog, names: Mapping[int, str], links: Mapping[str, str]) -> Look:
    mine = [names[key] for key in row.subject_ids if key in names]
    return Look(
        at=row.recorded_at,
        office=office_name(row),
        position=_position(row),
        purpose=row.get_purpose_display(),
        reference=_reference(row),
        reference_url=links.get(row.reference, ""),
        shown=_listed(row.fields),
        about=", ".join(mine) if len(names) > 1 else "",
        shared=len(row.subject_ids) - len(mine),
    )


def _listed(fields: Sequence[str]) -> str:
    """Return the names of fields as words, each word once."""
    words = (str(FIELDS.get(field, field.replace("_", " "))) for field in fields)
    return ", ".join(dict.fromkeys(words))


def _position(row: AccessLog) -> str:
    """Return the official's position while they serve the office that looked, else nothing."""
    official = getattr(row.actor, "official", None)
    if official is None or official.agency_id != row.office_id:
        return ""
    return str(official.position)
