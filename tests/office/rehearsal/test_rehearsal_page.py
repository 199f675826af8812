"""The page of the time machine: figures in words and bars, who may ask, the file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit
from portal.common import clock
from procedures.models import RehearsalRun, RuleVersion, Suggestion
from tests.factories.citizens import (
    CitizenFactory,
    CredentialFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
)
from tests.factories.procedures import version_of
from tests.factories.rehearsals import rehearsed
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def client_of(role: Role, unit: Unit) -> Client:
    return signed_in(GrantFactory(official=OfficialFactory(), role=role, unit=unit).official.user)


@pytest.fixture
def version(city: Unit) -> RuleVersion:
    return version_of("driving_licence_renewal")


@pytest.fixture
def editor(city: Unit) -> Client:
    return client_of(Role.CATALOGUE_EDITOR, city)


def page(version: RuleVersion) -> str:
    return reverse("admin:office_rehearsal", args=[version.pk])


def lines(*units: Unit) -> list[list[object]]:
    monday = clock.today() - timedelta(days=clock.today().weekday())
    return [[monday.isoformat(), unit.pk, 5, 7] for unit in units]


def test_a_year_is_rehearsed_at_once_among_few_people(version: RuleVersion, editor: Client) -> None:
    # Given a licence that runs out in the coming year
    unit = UnitFactory(name_vi="Phường Hải Châu")
    CredentialFactory(
        holder=CitizenFactory(unit=unit), expires_on=clock.today() + timedelta(days=100)
    )
    today = clock.today()

    # When an official rehearses the rule
    period = {"first": today.isoformat(), "last": (today + timedelta(days=365)).isoformat()}
    html = editor.post(page(version), period, follow=True).content.decode()

    # Then its figures stand there, by whom and when is kept, and nothing was suggested
    assert RehearsalRun.objects.get().state == "finished"
    assert "Diễn tập: Giấy phép lái xe" in html
    assert "Có: đủ mọi điều kiện" in html
    assert "Phường Hải Châu" in html
    assert "<rect" in html
    assert not Suggestion.objects.exists()


def test_the_page_speaks_english_too(version: RuleVersion, editor: Client) -> None:
    rehearsed(version)
    editor.cookies["django_language"] = "en"

    html = editor.get(page(version)).content.decode()

    assert "Rehearsal: Driving licence" in html
    assert "Yes: every condition holds" in html


def test_a_period_that_ends_before_it_begins_is_refused(
    version: RuleVersion, editor: Client
) -> None:
    answer = editor.post(page(version), {"first": "2027-01-02", "last": "2027-01-01"})

    assert answer.status_code == 422
    assert "Ngày kết thúc sớm hơn ngày bắt đầu" in answer.content.decode()
    assert not RehearsalRun.objects.exists()


@pytest.mark.parametrize(
    ("role", "seen", "asked"),
    [
        (Role.CATALOGUE_EDITOR, 200, 302),
        (Role.APPROVER, 200, 302),
        (Role.PROVINCIAL_LEADER, 200, 403),
        (Role.CASE_OFFICER, 200, 403),
        (Role.ADMINISTRATOR, 200, 403),
        (Role.AUDITOR, 403, 403),
    ],
)
def test_who_sees_and_who_asks(
    role: Role, seen: int, asked: int, version: RuleVersion, city: Unit
) -> None:
    client = client_of(role, city)
    period = {"first": "2027-01-01", "last": "2027-01-31"}

    assert client.get(page(version)).status_code == seen
    assert client.post(page(version), period).status_code == asked


def test_over_one_commune_it_is_only_seen(version: RuleVersion, city: Unit) -> None:
    client = client_of(Role.CATALOGUE_EDITOR, UnitFactory(parent=city))

    assert client.get(page(version)).status_code == 200
    assert client.post(page(version), {}).status_code == 403


def test_the_file_counts_by_week_and_unit(version: RuleVersion, editor: Client) -> None:
    unit = UnitFactory(name_vi="Xã Hòa Vang")
    run = rehearsed(version, lines=lines(unit))

    answer = editor.get(reverse("admin:office_rehearsal_file", args=[run.pk]))

    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "tuần từ ngày,mã đơn vị,đơn vị,việc,tin nhắn"
    assert rows[1].endswith(f",{unit.code},Xã Hòa Vang,5,7")


def test_while_it_runs_the_page_says_so_and_then_moves_on(
    version: RuleVersion, editor: Client
) -> None:
    run = rehearsed(version)
    RehearsalRun.objects.filter(pk=run.pk).update(state="running")
    progress = reverse("admin:office_rehearsal_progress", args=[run.pk])

    assert "Đang diễn tập" in editor.get(page(version)).content.decode()
    assert "HX-Redirect" not in editor.get(progress).headers
    RehearsalRun.objects.filter(pk=run.pk).update(state="finished")
    assert editor.get(progress).headers["HX-Redirect"] == f"{page(version)}?run={run.pk}"


def test_a_draft_that_changed_since_is_marked(version: RuleVersion, editor: Client) -> None:
    run = rehearsed(version)
    RehearsalRun.objects.filter(pk=run.pk).update(definition_sha256="0" * 64)

    assert "Bản thảo đã thay đổi" in editor.get(page(version)).content.decode()


def test_a_page_costs_the_same_however_many_units(version: RuleVersion, editor: Client) -> None:
    rehearsed(version, lines=lines(UnitFactory()))
    with CaptureQueriesContext(
        connection,
    ) as few:
        editor.get(page(version))
    for _ in range(3):
        rehearsed(version, lines=lines(*(UnitFactory() for _ in range(10))))
    with CaptureQueriesContext(connection) as many:
        editor.get(page(version))

    assert len(many) == len(few) <= 20
