"""How people are addressed: by name, with ông or bà as is polite in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import pgettext

from citizens.enums import Gender
from citizens.models import Citizen, Party
from citizens.selectors import acting_for, name_of
from procedures.rules import age_on

GROWN_UP = 18


def pronoun(citizen: Citizen, day: date) -> str:
    """Return "ông", "bà", or "bạn" for a minor; "you" in English."""
    if age_on(citizen.birth_date, day) < GROWN_UP:
        return pgettext("address of a minor", "you")
    if citizen.gender == Gender.FEMALE:
        return pgettext("address of a woman", "you")
    return pgettext("address of a man", "you")


def greeting(citizen: Citizen, day: date) -> str:
    """Return "Chào bà Trần Thị Lan"."""
    name = {"name": citizen.full_name}
    if age_on(citizen.birth_date, day) < GROWN_UP:
        return pgettext("to a minor", "Good day, %(name)s") % name
    if citizen.gender == Gender.FEMALE:
        return pgettext("to a woman", "Good day, %(name)s") % name
    return pgettext("to a man", "Good day, %(name)s") % name


def parties_of(citizen: Citizen, day: date) -> list[Party]:
    """Return the person first, then whom they may act for on `day`, names read.

    One query, none for the reader of a page.
    """
    if citizen.represented is not None:
        return [citizen.party, *citizen.represented]
    others = acting_for(actor=citizen, day=day).select_related("citizen", "organisation")
    return [citizen.party, *others.order_by("kind", "pk")]


def others(parties: Iterable[Party], citizen: Citizen) -> dict[int, str]:
    """Return the names of the parties other than the person, by key."""
    return {party.pk: name_of(party) for party in parties if party.pk != citizen.pk}
