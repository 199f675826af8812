"""Whom a dossier's page shows besides its owner: the form names family, household, the deceased.

A form holds words, not keys. Its people are found again by their numbers, and by their names among
those whom the forms of owner and applicant may name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from citizens.models import Citizen
from citizens.selectors import circle_of
from dossiers.models import Dossier
from portal.common import clock
from portal.common.sql import ask_together

_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")


def people_shown(dossier: Dossier) -> set[int]:
    """Return the keys of owner, applicant, and of everyone whom the form names."""
    text = _text(dossier.form)
    shown = {dossier.owner_id, dossier.applicant_id}
    numbered, family = _numbered(text), _names(_family(dossier))
    ask_together(numbered, family)
    return shown.union(numbered, _named(text, family))


def _text(form: Mapping[str, Mapping[str, Any]]) -> str:
    return "\n".join(str(entry.get("value") or "") for entry in form.values()).casefold()


def _numbered(text: str) -> QuerySet[Citizen, int]:
    """Return the people whose whole number stands in the text."""
    indexes = [Citizen.index_of(number) for number in _NUMBER.findall(text)]
    return Citizen.objects.filter(pin_index__in=indexes).values_list("pk", flat=True)


def _names(people: Iterable[int]) -> QuerySet[Citizen, tuple[int, str]]:
    return Citizen.objects.filter(pk__in=people).values_list("pk", "full_name")


def _named(text: str, people: Iterable[tuple[int, str]]) -> set[int]:
    """Return those of the people whose whole name stands in the text."""
    return {key for key, name in people if name.casefold() in text}


def _family(dossier: Dossier) -> set[int]:
    """Return whom the forms of owner and applicant may name, as of the day of filing."""
    day = clock.civil_date(dossier.submitted_at)
    centres = {dossier.applicant_id, dossier.owner_id}
    return set().union(*(circle_of(person=person, day=day).family for person in centres))
