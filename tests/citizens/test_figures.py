"""Completeness as it is defined: numerators, denominators, and when they are counted again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.enums import BatchState, CredentialStatus
from citizens.registers.declared import FORMATS
from citizens.registers.figures import all_figures, figures_of, held_count
from citizens.registers.measures import measures_of
from citizens.registers.overview import register_overviews
from tests.factories.citizens import (
    BatchFactory,
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    HouseholdFactory,
    OrganisationFactory,
    RegisterFactory,
    RegisterRecordFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)


def shares(key: str) -> dict[str, tuple[int, int]]:
    found = figures_of(FORMATS[key], day=DAY)
    return {one.measure.name: (one.numerator, one.denominator) for one in found.shares}


def test_people_who_died_or_left_do_not_count() -> None:
    reached = CitizenFactory()
    ContactPointFactory(party=reached.party)
    ContactPointFactory(party=CitizenFactory().party, verified_at=None)
    HouseholdFactory(head=reached)
    RegisterRecordFactory(
        register__code="NPD", kind="person", subject=reached.party, body={"hometown": "Đại Lộc"}
    )
    CitizenFactory(elder=True, permanent_address="")
    CitizenFactory(deceased=True)
    CitizenFactory(emigrated_on=DAY)

    found = shares("NPD.person")

    assert found["phone"] == (1, 3)
    assert found["household_number"] == (1, 3)
    assert found["hometown"] == (1, 3)
    assert found["marital_status"] == (0, 3)
    assert found["birth_date"] == (2, 3)
    assert found["permanent_address"] == (2, 3)
    assert held_count("NPD", "person") == 3


def test_a_last_day_is_missed_only_where_the_law_asks_for_one() -> None:
    CredentialFactory(category="B")
    CredentialFactory(category="C", expires_on=None)
    CredentialFactory(category="A1", expires_on=None)
    CredentialFactory(category="B", expires_on=None, status=CredentialStatus.SUPERSEDED)
    card: dict[str, Any] = {"kind": "citizen_identity_card", "register__code": "NPD"}
    CredentialFactory(holder=CitizenFactory(age=70), expires_on=None, **card)
    CredentialFactory(holder=CitizenFactory(age=40), expires_on=None, **card)

    assert shares("GPLX.licence")["expires_on"] == (1, 2)
    assert shares("NPD.card")["expires_on"] == (0, 1)


def test_documents_and_businesses() -> None:
    CredentialFactory(
        kind="medical_practice_licence", register__code="HEALTH", details={"scope": "Nội khoa"}
    )
    OrganisationFactory()

    assert shares("HEALTH.practice_licence")["scope"] == (1, 1)
    assert shares("BUS.business") == {"representative_pin": (0, 1)}


@pytest.mark.parametrize("key", FORMATS)
def test_every_measure_is_named_and_defined_in_both_languages(key: str) -> None:
    for one in measures_of(FORMATS[key]):
        assert one.label_vi
        assert one.label_en
        assert one.of_vi != one.of_en
        assert FORMATS[key].column_for(one.name) is not None


def test_figures_are_counted_once_a_delivery_and_day() -> None:
    CitizenFactory()
    assert figures_of(FORMATS["NPD.person"], day=DAY).held == 1
    CitizenFactory()

    with CaptureQueriesContext(connection) as asked:
        assert figures_of(FORMATS["NPD.person"], day=DAY).held == 1
    assert len(asked) == 1  # which delivery is the newest
    assert figures_of(FORMATS["NPD.person"], day=DAY + timedelta(days=1)).held == 2

    BatchFactory(state=BatchState.DONE)
    assert figures_of(FORMATS["NPD.person"], day=DAY).held == 2


def test_what_is_not_counted_in_time_says_so_and_is_counted_later() -> None:
    RegisterFactory()
    CitizenFactory()

    hurried = all_figures(day=DAY, within=-2)
    assert {one.held for one in hurried.values()} == {None}
    assert all(one.percent is None for one in hurried.values())

    assert all_figures(day=DAY)["NPD.person"].held == 1
    assert all_figures(day=DAY, within=-2)["NPD.person"].held == 1


def test_a_register_without_deliveries_is_neither_fresh_nor_old() -> None:
    RegisterFactory(code="NPD", max_age_days=7)

    (npd,) = register_overviews(day=DAY, codes=["NPD"])
    assert (npd.newest_on, npd.age_days, npd.is_fresh, npd.rejected_percent) == (
        None,
        None,
        False,
        None,
    )

    BatchFactory(as_of=DAY - timedelta(days=7), row_count=200, rejected_count=3)
    (npd,) = register_overviews(day=DAY, codes=["NPD"])
    assert (npd.age_days, npd.is_fresh, npd.rejected_percent) == (7, True, 1.5)
    (npd,) = register_overviews(day=DAY + timedelta(days=1), codes=["NPD"])
    assert (npd.age_days, npd.is_fresh) == (8, False)


def test_no_key_of_the_cache_holds_anything_personal() -> None:
    CitizenFactory()
    all_figures(day=DAY)

    keys = caches["fast"]._cache.get_client().keys("*figures:*")  # type: ignore[attr-defined]

    assert len(keys) == len(FORMATS)
    assert all(key.decode().startswith("portal:1:figures:") for key in keys)
