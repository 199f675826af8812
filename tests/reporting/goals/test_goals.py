"""Each goal of the programme is counted from time stamps as its definition says."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.enums import Role, UnitKind, ZoneKind
from citizens.models import Agency, Unit
from dossiers.enums import Action, Actor, Satisfaction, Status
from dossiers.models import Dossier, DossierEvent, DossierPaper, Rating
from portal.reporting.goals.counting import FEWEST, counted, loads, satisfied_by_block, together
from portal.reporting.goals.definition import goals, norms
from portal.reporting.selectors.settled import Months
from portal.reporting.services.count_dossiers import count_dossiers
from procedures.enums import ScanKind, SuggestionState
from procedures.models import ScanRun
from tests.factories.citizens import (
    AgencyFactory,
    CitizenFactory,
    CredentialFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
)
from tests.factories.dossiers import DossierFactory, catalogued_rule
from tests.factories.papers import a_document
from tests.factories.procedures import SuggestionFactory

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 20, 9, tzinfo=ZONE)
NOVEMBER = date(2026, 11, 1)
MONTHS = Months.between(NOVEMBER, NOVEMBER, NOW.date())


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ward() -> Unit:
    unit: Unit = UnitFactory(kind=UnitKind.WARD, zone=ZoneKind.URBAN, parent=None)
    return unit


def dossier(unit: Unit, **changes: Any) -> Dossier:
    """Return a counted dossier of the unit's office."""
    office = Agency.objects.filter(unit=unit).first() or AgencyFactory(unit=unit)
    plain = {"competent": office, "unit": unit, "status": Status.PROCESSING, "ledgers": False}
    made: Dossier = DossierFactory(**(plain | changes))
    count_dossiers([made.pk])
    return made


def begun(dossier: Dossier, at: datetime = NOW) -> None:
    DossierEvent.objects.create(
        dossier=dossier, action=Action.START_PROCESSING, status_before=Status.RECEIVED,
        status_after=Status.PROCESSING, actor_role=Actor.CASE_OFFICER, happened_at=at,
    )  # fmt: skip


def paper(dossier: Dossier, digitised_at: datetime | None, **said: Any) -> None:
    DossierPaper.objects.create(
        dossier=dossier, component_code="1", name_vi="Đơn", digitised_at=digitised_at, **said
    )


def of(name: str, month: date = NOVEMBER) -> tuple[int, int] | None:
    """Return the counts of a goal in a month."""
    return counted(first=month, last=month, today=NOW.date())[name].get(month)


def rated(unit: Unit, answer: Satisfaction, at: datetime = NOW) -> None:
    one = dossier(unit, status=Status.RETURNED, finished_at=at, returned_at=at)
    Rating.objects.create(dossier=one, citizen=one.applicant, answer=answer, rated_at=at)


def test_digitised_is_what_was_so_before_the_first_step_of_processing(ward: Unit) -> None:
    hour = timedelta(hours=1)
    before, after, never, known = (dossier(ward) for _number in range(4))
    for one in (before, after, never, known):
        begun(one)
        begun(one, NOW + 5 * hour)  # again after a supplement: the first counts
    paper(before, NOW - hour, document=a_document())
    paper(after, NOW + hour, document=a_document())
    paper(never, None)
    paper(known, None, satisfied_by="register:GTVT")
    dossier(ward)  # its processing has not begun

    assert of("digitised") == (2, 4)


def test_regardless_of_place_is_handed_in_at_an_office_of_another_unit(ward: Unit) -> None:
    own = AgencyFactory(unit=ward)
    dossier(ward, competent=own, received_at=own)
    dossier(ward, competent=own, received_at=AgencyFactory(unit=UnitFactory()))
    dossier(ward)  # online

    assert of("anywhere") == (1, 2)


def test_once_only_counts_fields(ward: Unit) -> None:
    dossier(ward, field_count=10, known_field_count=8)
    dossier(ward, field_count=5, known_field_count=0)
    dossier(ward, field_count=None)
    dossier(ward, field_count=9, known_field_count=9, submitted_at=NOW - timedelta(days=40))

    assert of("once_only") == (8, 15)


def test_the_month_is_that_of_the_civil_day(ward: Unit) -> None:
    first_hour = datetime(2026, 11, 1, 0, 30, tzinfo=ZONE)  # October by UTC
    dossier(ward, field_count=2, known_field_count=1, submitted_at=first_hour)

    assert of("once_only") == (1, 2)
    assert of("once_only", date(2026, 10, 1)) is None


def test_suggestions_that_wait_or_were_withdrawn_count_for_nothing() -> None:
    for state in SuggestionState:
        SuggestionFactory(state=state, opened_on=date(2026, 11, 5))

    assert of("accepted") == (2, 4)  # accepted, fulfilled; dismissed, expired


def test_an_expiry_is_unnoticed_where_nothing_was_opened_until_it() -> None:
    version = catalogued_rule()
    kind = version.definition["credential_kind"]
    last_day = date(2026, 11, 10)
    told, late, _never = (CredentialFactory(kind=kind, expires_on=last_day) for _ in range(3))
    CredentialFactory(kind=kind, expires_on=date(2026, 11, 25))  # not yet
    CredentialFactory(kind="library_card", expires_on=last_day)  # nobody watches it
    CredentialFactory(kind=kind, expires_on=last_day, holder=CitizenFactory(died_on=last_day))
    for paper_of, opened_on in ((told, last_day), (late, last_day + timedelta(days=1))):
        SuggestionFactory(
            rule=version.rule, rule_version=version, anchor=paper_of.pk, opened_on=opened_on
        )

    assert of("unnoticed") is None  # the portal has not looked yet
    ScanRun.objects.create(kind=ScanKind.NIGHTLY, on_date=date(2026, 11, 2), scope="")
    CredentialFactory(kind=kind, expires_on=date(2026, 11, 1))  # before it looked

    assert of("unnoticed") == (2, 3)


def test_satisfaction_by_level_and_year_and_of_few_nothing_is_told(ward: Unit) -> None:
    level = AgencyFactory(unit=ward).kind.level
    for answer in [Satisfaction.SATISFIED] * 3 + [Satisfaction.DISSATISFIED]:
        rated(ward, answer)
    rated(ward, Satisfaction.SATISFIED, at=datetime(2025, 6, 1, 9, tzinfo=ZONE))

    assert of("satisfied") == (3, 4)
    found = satisfied_by_block(until=NOW.date())
    assert found == {(2026, level): (3, 4), (2025, level): (1, 1)}
    shown = Client().get(reverse("web:goals"), {"period": "2026-11"}).content.decode()
    assert "3 / 4" not in shown
    rows = list(csv.reader(io.StringIO(Client().get(reverse("web:goals_file")).content.decode())))
    told = [row for row in rows if row[0].startswith("satisfied")]
    assert told
    assert {row[5] for row in told} == {"few"}

    for _number in range(FEWEST - 4):
        rated(ward, Satisfaction.SATISFIED)
    shown = Client().get(reverse("web:goals"), {"period": "2026-11"}).content.decode()
    assert "4 / 5" in shown


def test_the_load_is_of_units_with_an_officer(ward: Unit) -> None:
    office = AgencyFactory(unit=ward)
    for _number in range(2):
        official = OfficialFactory(agency=office)
        for role in (Role.RECEPTIONIST, Role.CASE_OFFICER):
            GrantFactory(official=official, role=role, unit=ward)
    for _number in range(3):
        dossier(ward)
    dossier(ward, submitted_at=NOW - timedelta(days=400))
    dossier(UnitFactory(kind=UnitKind.WARD, zone=ZoneKind.URBAN, parent=None))  # nobody there

    urban, rural, _disadvantaged = loads(until=NOW.date())

    assert (urban.units, urban.dossiers, urban.officers, urban.each) == (1, 3, 2, 1.5)
    assert rural.each is None
    assert [norm.most for norm in norms()] == [1600, 1200, 800]


def test_the_data_name_what_is_counted() -> None:
    found = counted(first=NOVEMBER, last=NOVEMBER, today=NOW.date())

    assert found.keys() == {goal.id for goal in goals()}
    assert all(together(one, MONTHS) == (0, 0) for one in found.values())


def test_a_page_without_any_data_says_so() -> None:
    response = Client().get(reverse("web:goals"))

    assert response.status_code == 200
    assert response.content.decode().count("Kỳ này chưa có gì để tính") == len(goals())


def test_the_file_adds_up_to_the_page(ward: Unit) -> None:
    dossier(ward, field_count=10, known_field_count=8)
    dossier(ward, field_count=5, known_field_count=1, submitted_at=NOW - timedelta(days=40))

    text = Client().get(reverse("web:goals_file"), {"period": "2026"}).content.decode()
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    mine = [row for row in rows if row["goal"] == "once_only"]

    assert [(row["month"], row["numerator"], row["denominator"]) for row in mine] == [
        ("2026-10", "1", "5"), ("2026-11", "8", "10"),
    ]  # fmt: skip
    shown = Client().get(reverse("web:goals"), {"period": "2026"}).content.decode()
    assert "9 / 15" in shown
