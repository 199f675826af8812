"""Whom a dossier's page shows besides its owner: the form names family, household, the deceased.

A form holds words, not keys. Its people are found again by their numbers, and by their names among
those whom the forms of owner and applicant may name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from citizens.models import Citizen
from citizens.selectors import circle_of
from dossiers.models import Dossier
from portal.common import clock

_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")


def people_shown(dossier: Dossier) -> set[int]:
    """Return the keys of owner, applicant, and of everyone whom the form names."""
    text = _text(dossier.form)
    shown = {dossier.owner_id, dossier.applicant_id}
    return shown | _numbered(text) | _named(text, _family(dossier))


def _text(form: Mapping[str, Mapping[str, Any]]) -> str:
    return "\n".join(str(entry.get("value") or "") for entry in form.values()).casefold()


def _numbered(text: str) -> set[int]:
    """Return the people whose whole number stands in the text."""
    indexes = [Citizen.index_of(number) for number in _NUMBER.findall(text)]
    found = Citizen.objects.filter(pin_index__in=indexes) if indexes else Citizen.objects.none()
    return set(found.values_list("pk", flat=True))


def _named(text: str, among: Iterable[int]) -> set[int]:
    """Return those of `among` whose whole name stands in the text."""
    names = Citizen.objects.filter(pk__in=among).values_list("pk", "full_name")
    return {key for key, name in names if name.casefold() in text}


def _family(dossier: Dossier) -> set[int]:
    """Return whom the forms of owner and applicant may name, as of the day of filing."""
    day = clock.civil_date(dossier.submitted_at)
    centres = {dossier.applicant_id, dossier.owner_id}
    return set().union(*(circle_of(person=person, day=day).family for person in centres))
