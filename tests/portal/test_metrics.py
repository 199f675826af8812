"""`/metrics`: shut to everybody without the token; its figures follow what stands in the tables."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from citizens.enums import ViewPurpose
from citizens.services import record_access
from notifications.models import Message
from portal.common import clock
from portal.common.models import Bell
from procedures.enums import RunState, ScanKind
from procedures.models import ScanRun
from tests.factories.citizens import CitizenFactory, OfficialFactory
from tests.factories.notifications import MessageFactory
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db
TOKEN = "a-token-that-a-monitoring-system-holds"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
Figures = dict[tuple[str, str], float]


@pytest.fixture
def token(settings: Settings) -> str:
    settings.METRICS_TOKEN = TOKEN
    return TOKEN


def read(client: Client, token: str) -> Figures:
    """Return the figures by name and label, as a monitoring system understands them."""
    answer = client.get("/metrics", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer wrong", TOKEN, "Basic " + TOKEN])
def test_without_the_token_there_is_no_such_page(client: Client, token: str, shown: str) -> None:
    answer = client.get("/metrics", headers={"authorization": shown} if shown else {})

    assert answer.status_code == 404
    assert b"portal_" not in answer.content


def test_where_no_token_is_set_no_token_opens_it(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_an_empty_portal_waits_for_nothing(client: Client, token: str) -> None:
    told = read(client, token)

    assert told["portal_oldest_due_message_seconds", ""] == 0
    assert told["portal_due_messages", ""] == 0
    assert told["portal_well", "database"] == 1
    assert told["portal_well", "last scan"] == 0


def test_figures_follow_the_tables(client: Client, token: str) -> None:
    put_texts()
    now = clock.now()
    message = MessageFactory()
    Message.objects.filter(pk=message.pk).update(due_at=now - timedelta(hours=1))
    ScanRun.objects.create(
        kind=ScanKind.NIGHTLY,
        on_date=clock.today(),
        state=RunState.FINISHED,
        finished_at=now - timedelta(hours=3),
    )
    Bell.objects.note("procedures.scan_today", timedelta(hours=2), now - timedelta(hours=3))
    Bell.objects.note("citizens.seal_views", timedelta(minutes=5), now)
    person = CitizenFactory(full_name="Hoàng Kim Tước")
    record_access(
        actor=OfficialFactory().user,
        purpose=ViewPurpose.DOSSIER,
        page="case",
        fields=["full_name"],
        subject_ids=[person.pk],
    )

    told = read(client, token)

    assert told["portal_oldest_due_message_seconds", ""] == pytest.approx(3600, abs=60)
    assert told["portal_due_messages", ""] == 1
    assert told["portal_last_scan_seconds", ""] == pytest.approx(3 * 3600, abs=60)
    assert told["portal_task_silence_seconds", "procedures.scan_today"] > 10_000
    assert told["portal_task_overdue", "procedures.scan_today"] == 1
    assert told["portal_task_overdue", "citizens.seal_views"] == 0
    assert told["portal_well", "outbox"] == 0
    assert told["portal_well", "beat"] == 0
    assert 0 <= told["portal_oldest_unsealed_view_seconds", ""] < 60


def test_a_database_that_fails_leaves_the_probes(
    client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_now: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("portal.web.metrics.oldest_due_at", away)

    told = read(client, token)

    assert {name for name, _label in told} == {"portal_well"}


def test_the_docs_name_every_figure_and_no_other(client: Client, token: str) -> None:
    Bell.objects.note("procedures.scan_today", timedelta(hours=2), clock.now())
    section = DOCS.read_text().partition("## Figures and alarms")[2].partition("\n## ")[0]

    assert set(re.findall(r"\bportal_[a-z_]+", section)) == {
        name for name, _label in read(client, token)
    }
