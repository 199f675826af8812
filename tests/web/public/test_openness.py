"""What the portal publishes of itself, and its help: complete, small, from data."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.common import clock
from portal.web.presenters.help import PAGES, WORDS
from procedures.models import Rule
from procedures.selectors.roadmap import Stage, proactive_services
from tests.factories.procedures import (
    LICENCE,
    ProcedureVersionFactory,
    RuleVersionFactory,
    catalogue,
)

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------------------- filed anywhere
@pytest.fixture
def shipped() -> set[str]:
    """Put the shipped catalogue in force; return the codes that any counter receives."""
    for one in catalogue().procedures:
        ProcedureVersionFactory(procedure__key=one.key)
    return {
        one.code for one in catalogue().procedures if one.boundary_free and "direct" in one.channels
    }


def test_page_and_file_list_what_any_counter_receives(client: Client, shipped: set[str]) -> None:
    page = client.get("/procedures/anywhere/")
    file = client.get("/procedures/anywhere.csv")

    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert {line.code for line in page.context["lines"]} == shipped
    assert {row[0] for row in rows[1:]} == shipped
    assert file["Content-Type"].startswith("text/csv")


def test_no_procedure_is_said_calmly(client: Client) -> None:
    assert "chưa có thủ tục nào" in client.get("/procedures/anywhere/").content.decode()


# -------------------------------------------------------------------------------------- roadmap
def stages(day: date) -> dict[str, Stage]:
    return {one.key: one.stage for one in proactive_services(day=day)}


def test_the_roadmap_follows_the_versions() -> None:
    today = clock.today()
    for key in (LICENCE, "passport_issue", "social_pension", "veterinary_certificate_extension"):
        ProcedureVersionFactory(procedure__key=key)
    RuleVersionFactory(rule__key=LICENCE)
    RuleVersionFactory(rule__key="passport_issue", audience_percent=10)
    later = DateRange(today + timedelta(days=5), None)
    RuleVersionFactory(rule__key="social_pension", valid=later)
    RuleVersionFactory(rule__key="veterinary_certificate_extension")
    Rule.objects.filter(key="veterinary_certificate_extension").update(is_active=False)
    RuleVersionFactory(rule__key="tour_guide_card_renewal", draft=True)

    assert stages(today) == {
        LICENCE: Stage.IN_FORCE,
        "passport_issue": Stage.ON_TRIAL,
        "social_pension": Stage.COMING,
        "veterinary_certificate_extension": Stage.STOPPED,
    }
    assert stages(today + timedelta(days=5))["social_pension"] == Stage.IN_FORCE


def test_a_service_without_its_procedure_is_not_in_force() -> None:
    RuleVersionFactory(rule__key=LICENCE)

    assert stages(clock.today()) == {LICENCE: Stage.STOPPED}


def test_the_page_tells_whom_and_since_when(client: Client) -> None:
    ProcedureVersionFactory(procedure__key="passport_issue")
    RuleVersionFactory(rule__key="passport_issue", audience_percent=10)

    with CaptureQueriesContext(connection) as seen:
        html = client.get("/roadmap/").content.decode()

    assert "10 % người có liên quan" in html
    assert "Báo cho" in html
    assert "Hiện chưa có" in html
    assert len(seen) <= 6


# ----------------------------------------------------------------------------------------- help
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_of_help_stands_in_both_languages(client: Client, language: str) -> None:
    client.cookies["django_language"] = language
    html = client.get("/help/").content.decode()
    for page in PAGES:
        assert f"/help/{page.key}/" in html
        with translation.override(language):
            title = str(page.title)
        assert title in client.get(f"/help/{page.key}/").content.decode()


def test_help_is_short() -> None:
    for page in PAGES:
        for _title, sentences in page.parts:
            assert 1 <= len(sentences) <= 5
            with translation.override("vi"):
                assert max(len(str(one)) for one in sentences) <= 90


def test_words_are_explained_and_other_pages_are_not_there(client: Client) -> None:
    assert client.get("/help/words/").content.decode().count("<dt>") == len(WORDS)
    assert client.get("/help/no-such/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/", "/procedures/", "/track/", "/call-back/", "/call-back/noted/", "/help/", "/roadmap/"],
)
def test_pages_are_light(client: Client, shipped: set[str], address: str) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert len(response.content) < 60 * 1024
