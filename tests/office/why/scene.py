"""Addresses of the pages, and a household on the list of the poor."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from citizens.models import Citizen
from portal.common import clock
from procedures.services.scan import scan_day
from tests.factories.citizens import CredentialFactory
from tests.factories.procedures import ProcedureVersionFactory, version_of
from tests.office.places import Place


def search(rule: str = "") -> str:
    """Return the address where one asks for whom."""
    return reverse("admin:office_why") + (f"?rule={rule}" if rule else "")


def page(person: Citizen) -> str:
    """Return the address of a person's list."""
    return reverse("admin:office_why_person", args=[person.party.public_id])


def rule_page(person: Citizen, key: str) -> str:
    """Return the address of one rule for a person."""
    return reverse("admin:office_why_rule", args=[person.party.public_id, key])


def text(response: Any) -> str:
    """Return the page of an answer that opened."""
    assert response.status_code == 200, response.status_code
    return str(response.content.decode())


def scan_today() -> None:
    """Run the scan of today's civil date."""
    assert not scan_day(on_date=clock.today()).has_failed


def poor_household(place: Place) -> Citizen:
    """Put the household of the commune's citizen on the list, with the rule of its review."""
    version_of("poor_household_annual_review")
    ProcedureVersionFactory(procedure__key="poor_household_annual_review")
    home = place.citizen.memberships.get().household
    CredentialFactory(
        holder=home,
        kind="poor_household_status",
        category="Hộ nghèo",
        expires_on=clock.today().replace(month=12, day=31),
    )
    return place.citizen
