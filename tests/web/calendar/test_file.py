"""The file for calendar programs: parsed back by the library, and what it must not say."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from citizens.models import Citizen
from tests.factories.citizens import HouseholdFactory
from tests.factories.procedures import SuggestionFactory, version_of
from tests.web.calendar.scene import BIRTHDAY, FILE, PAGE, home, passport, read, rule
from tests.web.scene import DUE, TODAY, Scene, badges, stranger

pytestmark = pytest.mark.django_db


def download(scene: Scene) -> bytes:
    return bytes(scene.client.get(FILE).content)


def test_the_library_reads_it_back(scene: Scene) -> None:
    home(scene)

    response = scene.client.get(FILE)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "attachment" in response["Content-Disposition"]
    assert [(event.start, event["summary"]) for event in read(response.content)] == [
        (DUE, "Giấy phép lái xe hạng B hết hạn"),
        (TODAY + timedelta(days=200), "Hộ chiếu của N. G. B. hết hạn"),
        (BIRTHDAY, "N. G. B. đủ 14 tuổi: Thẻ căn cước"),
    ]


def test_events_last_all_day_and_ring_twice(scene: Scene) -> None:
    (event,) = read(download(scene))

    assert (event.start, event.end) == (DUE, DUE + timedelta(days=1))
    alarms = [alarm["trigger"].dt for alarm in event.walk("VALARM")]
    assert alarms == [timedelta(days=-7, hours=8), timedelta(days=-1, hours=8)]
    assert event["class"] == "PRIVATE"


def test_names_of_events_last_when_a_date_is_corrected(scene: Scene) -> None:
    (before,) = read(download(scene))
    scene.suggestion.due_on = DUE + timedelta(days=3)
    scene.suggestion.save()

    (after,) = read(download(scene))

    assert after["uid"] == before["uid"]
    assert after.start == DUE + timedelta(days=3)
    assert re.fullmatch(r"[0-9a-f]{32}@.+", before["uid"])  # the key of no row


def test_the_same_day_gives_the_same_bytes(scene: Scene) -> None:
    assert download(scene) == download(scene)


def test_lines_are_folded_and_special_signs_escaped(scene: Scene) -> None:
    rule("medical_licence_extension")
    paper = passport(scene.lan, TODAY + timedelta(days=300))
    paper.kind = "medical_practice_licence"
    paper.save()

    body = download(scene)

    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\\," in body
    assert any("khám bệnh, chữa bệnh" in event["summary"] for event in read(body))


def test_no_identifier_leaves_the_house(scene: Scene) -> None:
    family = home(scene)
    badges(scene.lan, 2)
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    dossier = scene.lan.dossiers.get()

    text = Calendar.from_ical(download(scene)).to_ical().decode().replace("\r\n ", "")

    for secret in (
        family.child.full_name,
        "Bảo",
        scene.lan.pin,
        family.child.pin,
        scene.licence.number,
        family.passport.number,
        dossier.code,
        str(dossier.public_id),
        "43B-",
        "1956",
        "2013",
    ):
        assert secret not in text
    assert "Hợp tác xã vận tải Sông Hàn" in text
    assert "Trả kết quả" in text


def test_a_death_and_poverty_stay_on_the_page(scene: Scene) -> None:
    """The head of a poor household sees the review on the page; no file says so."""
    rule("poor_household_annual_review")
    household = HouseholdFactory(head=scene.lan)
    deceased = Citizen.objects.exclude(pk=scene.lan.pk).first() or scene.lan
    SuggestionFactory(
        rule_version=version_of("poor_household_annual_review"),
        anchor=household.pk,
        cycle=2026,
        subject=household.party,
        due_on=date(2026, 12, 14),
        recipients=[scene.lan],
    )
    assert deceased is not None

    assert "hộ nghèo" in scene.client.get(PAGE).content.decode()
    assert "nghèo" not in download(scene).decode()


def test_strangers_files_know_nothing_of_the_family(scene: Scene) -> None:
    home(scene)
    _citizen, client = stranger()

    assert read(client.get(FILE).content) == []


def test_a_visitor_signs_in_first(scene: Scene) -> None:
    assert Client().get(FILE).status_code == 302
