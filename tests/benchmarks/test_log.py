"""The benchmarks of the log of views, on a sample small enough for the tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from benchmarks import log
from benchmarks.measures import SUITES, Report
from benchmarks.tampering import WAYS
from citizens.models import AccessLog, Seal
from tests.factories.citizens import CitizenFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.ignore_template_errors]


@pytest.fixture
def report() -> Report:
    said: list[str] = []
    return Report(said.append)


def test_each_way_of_tampering_is_found_and_placed(
    report: Report, settings: Settings, tmp_path: Path
) -> None:
    settings.LOG_ROOT = str(tmp_path)
    ways = 2 * len(WAYS)

    log.tamper(report, tamperings=ways, rows=60, seals=8)

    assert [measure.value for measure in report.measures[1:]] == [ways, ways, 0]
    assert not any(measure.verdict == "short" for measure in report.measures)
    assert not AccessLog.objects.exists()
    assert not Seal.objects.exists()


def test_a_page_is_compared_with_itself_without_the_log(report: Report) -> None:
    CitizenFactory()
    address = reverse("admin:citizens_citizen_changelist")

    with log._desk() as client:
        log._compare(report, "a list", lambda: client.get(address), 0.001, times=4)

    found = {measure.name: measure.value for measure in report.measures}
    # Of a warm-up and four turns with three looks each, one look a turn leaves no row.
    assert AccessLog.objects.count() == 5 + 2 * 4
    assert found["log: a list, writing it"] > 0
    assert found["log: a list, writing and flushing it"] > found["log: a list, writing it"]


def test_a_page_without_people_is_no_comparison(report: Report) -> None:
    CitizenFactory()
    address = reverse("admin:citizens_unit_changelist")

    with log._desk() as client, pytest.raises(RuntimeError, match="nothing to compare"):
        log._compare(report, "units", lambda: client.get(address), 0, times=4)


def test_the_suites_are_registered_as_long_ones() -> None:
    assert {("log: tampering", True), ("log: cost", True)} <= {
        (one.name, one.is_long) for one in SUITES
    }
