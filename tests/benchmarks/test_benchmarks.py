"""The benchmarks themselves, on a sample small enough for every run of the tests."""

from __future__ import annotations

import pytest
from django.db import connection

from benchmarks import population, scan
from benchmarks.ledgers import LEDGERS
from benchmarks.measures import SUITES, Measure, Report
from benchmarks.report import table
from benchmarks.rules import make_rules
from citizens.models import Citizen, Credential
from procedures.models import Recipient, ScanRunRule, Suggestion

CITIZENS = 2_000

pytestmark = pytest.mark.slow


@pytest.fixture
def report() -> Report:
    said: list[str] = []
    return Report(said.append)


@pytest.fixture
def people() -> None:
    make_rules(30)
    population.load(
        citizens=CITIZENS, credentials=3 * CITIZENS, years=1, bulk=False, say=lambda _text: None
    )


@pytest.mark.django_db
def test_the_population_has_every_kind_of_person(people: None) -> None:
    assert Citizen.objects.count() == CITIZENS
    assert Credential.objects.count() == 3 * CITIZENS + 30
    gone = (
        Citizen.objects.filter(died_on__isnull=False),
        Citizen.objects.filter(emigrated_on__isnull=False),
        Citizen.objects.filter(survivor__isnull=False),
        Citizen.objects.exclude(unit__valid__contains=population.DAY),
        Citizen.objects.filter(party__preferences__topic=None),
        Citizen.objects.filter(party__matters__closed_on=None),
    )
    assert all(people.exists() for people in gone)


@pytest.mark.django_db
def test_the_scan_suite_runs_and_its_scan_meets_every_condition(
    people: None, report: Report
) -> None:
    scan.scan_suite(report, CITIZENS)

    found = {measure.name: measure for measure in report.measures}
    assert found["rows in procedures_suggestion"].value > 300
    assert found["scan against the limit"].value > 0
    assert Recipient.objects.count() > Suggestion.objects.count()  # minors have two guardians
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procedures_recipient r JOIN citizens_citizen c"
            " ON c.party_id = r.citizen_id WHERE c.died_on IS NOT NULL OR c.survivor_id IS NOT NULL"
            " OR c.emigrated_on IS NOT NULL"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_the_limit_writes_the_same_rows_as_the_scan(people: None) -> None:
    scan._scan(population.DAY)
    counts = {table: scan._count(table) for table in LEDGERS}
    scan._keep_copies()
    scan.forget()

    scan._insert_copies()

    assert {table: scan._count(table) for table in LEDGERS} == counts
    assert all(counts.values())


@pytest.mark.django_db
def test_the_long_suite_finds_a_share_of_the_population(people: None, report: Report) -> None:
    scan.first_run_suite(report, CITIZENS)

    assert {measure.name for measure in report.measures} >= {
        "first run",
        "first run: due per citizen",
    }
    assert not ScanRunRule.objects.exclude(error="").exists()


@pytest.mark.parametrize(
    ("measure", "verdict"),
    [
        (Measure("a", 0.5, "×", 0.3), "ok"),
        (Measure("a", 0.2, "×", 0.3), "short"),
        (Measure("a", 20, "ms", 50, "at most"), "ok"),
        (Measure("a", 60, "ms", 50, "at most"), "short"),
        (Measure("a", 60, "ms"), ""),
    ],
)
def test_a_figure_is_compared_with_its_target(measure: Measure, verdict: str) -> None:
    assert measure.verdict == verdict
    assert verdict in table([measure])


def test_every_suite_is_registered() -> None:
    found = {(one.name, one.is_long) for one in SUITES}

    assert {("scan", False), ("first run", True)} <= found
