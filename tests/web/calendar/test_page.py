"""The family's calendar: what stands in it, for whom, and what one can do from when on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.enums import LifeEventKind
from citizens.models import Authority, Citizen
from portal.common import clock
from procedures.enums import SuggestionState
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    LifeEventFactory,
)
from tests.factories.dossiers import DossierFactory
from tests.factories.procedures import SuggestionFactory
from tests.procedures.detection.scene import catalogue_rule
from tests.web.calendar.scene import BIRTHDAY, PAGE, home, passport, rule, shown
from tests.web.scene import DUE, TODAY, Scene, badges, stranger

pytestmark = pytest.mark.django_db


def test_a_year_of_the_family_by_month(scene: Scene) -> None:
    home(scene)

    months = scene.client.get(PAGE).context["months"]

    assert [month.title for month in months] == [
        "Tháng 1 năm 2027",
        "Tháng 6 năm 2027",
        "Tháng 10 năm 2027",
    ]
    assert shown(scene) == [
        (DUE, "Giấy phép lái xe hạng B hết hạn"),
        (TODAY + timedelta(days=200), "Hộ chiếu của Nguyễn Gia Bảo hết hạn"),
        (BIRTHDAY, "Nguyễn Gia Bảo đủ 14 tuổi: Thẻ căn cước"),
    ]


def test_what_waits_leads_to_its_page_and_the_rest_says_from_when(scene: Scene) -> None:
    home(scene)

    entries = [e for month in scene.client.get(PAGE).context["months"] for e in month.entries]

    assert entries[0].url == scene.page
    assert entries[0].action == "Xem và xác nhận"
    assert (entries[2].url, entries[2].lines) == (
        "",
        ["Cổng chuẩn bị sẵn từ thứ\xa0Tư, 11/08/2027."],
    )


def test_an_empty_calendar_says_what_will_stand_in_it(db: None) -> None:
    _citizen, client = stranger()

    html = client.get(PAGE).content.decode()

    assert "Trong một năm tới chưa có ngày nào" in html


@pytest.mark.parametrize("ended", ["revoked", "expired", "not begun"])
def test_whoever_may_not_act_any_more_sees_nothing(scene: Scene, ended: str) -> None:
    family = home(scene)
    yesterday, today, tomorrow = (TODAY + timedelta(days=n) for n in (-1, 0, 1))
    changes: dict[str, Any] = {
        "revoked": {"revoked_at": clock.now()},
        "expired": {"valid": (date(2020, 1, 1), today)},
        "not begun": {"valid": (tomorrow, None)},
    }
    Authority.objects.filter(for_party=family.child.party).update(**changes[ended])
    assert yesterday < today

    assert [day for day, _title in shown(scene)] == [DUE]
    assert "Bảo" not in scene.client.get(PAGE).content.decode()


def test_whoever_died_disappears_at_once(scene: Scene) -> None:
    family = home(scene)
    Citizen.objects.filter(pk=family.child.pk).update(died_on=TODAY)

    assert "Bảo" not in scene.client.get(PAGE).content.decode()


def test_nobody_elses_family_is_there(scene: Scene) -> None:
    neighbour = CitizenFactory(full_name="Lê Hàng Xóm")
    passport(neighbour, TODAY + timedelta(days=90))
    rule("passport_issue")

    assert [day for day, _title in shown(scene)] == [DUE]


def test_grown_ups_of_the_same_household_are_not_shown(scene: Scene) -> None:
    """Who lives together is no right to see; only Authority is."""
    rule("passport_issue")
    brother = CitizenFactory(full_name="Trần Văn Anh")
    passport(brother, TODAY + timedelta(days=90))
    household = HouseholdFactory(head=scene.lan)
    HouseholdMemberFactory(household=household, citizen=brother)

    assert [day for day, _title in shown(scene)] == [DUE]


def test_a_put_off_matter_says_when_the_portal_speaks_again(scene: Scene) -> None:
    again = TODAY + timedelta(days=14)
    scene.suggestion.state = SuggestionState.SNOOZED
    scene.suggestion.next_remind_on = again
    scene.suggestion.save()

    assert shown(scene) == [
        (again, "Cổng nhắc lại: Giấy phép lái xe hạng B"),
        (DUE, "Giấy phép lái xe hạng B hết hạn"),
    ]


def test_the_last_day_for_filing_has_a_line_of_its_own(scene: Scene) -> None:
    rule("medical_licence_extension")
    paper = passport(scene.lan, TODAY + timedelta(days=300))
    paper.kind = "medical_practice_licence"
    paper.save()

    found = dict(shown(scene))

    last_day = TODAY + timedelta(days=240)
    assert found[last_day].startswith("Hạn cuối nộp hồ sơ: Giấy phép hành nghề")
    assert TODAY + timedelta(days=300) in found


def test_the_day_of_a_result_stands_with_its_dossier(scene: Scene) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    dossier = scene.lan.dossiers.get()

    entries = [e for month in scene.client.get(PAGE).context["months"] for e in month.entries]

    result = next(entry for entry in entries if entry.title.startswith("Trả kết quả"))
    assert result.day == dossier.appointment_on
    assert str(dossier.public_id) in result.url
    licence = next(entry for entry in entries if entry.day == DUE)
    assert licence.lines == ["Hồ sơ về việc này đang được giải quyết."]
    assert licence.url == result.url


def test_somebody_elses_result_is_not_there(scene: Scene) -> None:
    DossierFactory()

    assert [day for day, _title in shown(scene)] == [DUE]


def test_both_parents_see_the_last_day_for_a_birth(scene: Scene) -> None:
    event = LifeEventFactory(kind=LifeEventKind.BIRTH_NOTIFIED, occurred_on=TODAY)
    mother = CitizenFactory(age=30)
    event.parties.create(party=mother.party, role="mother")
    event.parties.create(party=scene.lan.party, role="father")
    SuggestionFactory(
        rule_version=catalogue_rule("birth").versions.get(),
        anchor=event.pk,
        cycle=0,
        citizen=mother,
        due_on=TODAY + timedelta(days=60),
        recipients=[mother, scene.lan],
    )

    titles = [title for _day, title in shown(scene)]

    assert any(title.startswith("Hạn cuối: Khai sinh") for title in titles)
    assert mother.full_name not in " ".join(titles)


@pytest.mark.parametrize(("count", "lines"), [(3, 3), (4, 1), (50, 1)])
def test_many_of_one_sort_share_a_line(scene: Scene, count: int, lines: int) -> None:
    badges(scene.lan, count)

    found = [title for day, title in shown(scene) if day == TODAY + timedelta(days=10)]

    assert len(found) == lines
    if lines == 1:
        assert found[0].startswith(f"{count} × Phù hiệu")


def test_the_page_speaks_english(scene: Scene) -> None:
    home(scene)
    scene.client.cookies["django_language"] = "en"

    html = scene.client.get(PAGE).content.decode()

    assert "Driving licence, class B runs out" in html
    assert "January 2027" in html


def test_the_number_of_queries_does_not_grow(scene: Scene) -> None:
    home(scene)
    badges(scene.lan, 3)
    scene.client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        scene.client.get(PAGE)
    for number in range(12):
        child = CitizenFactory(minor=True)
        AuthorityFactory(actor=scene.lan, for_party=child.party)
        passport(child, TODAY + timedelta(days=100 + number))

    with CaptureQueriesContext(connection) as many:
        scene.client.get(PAGE)

    assert len(many) == len(few)


def test_a_rule_that_asks_for_dossiers_is_read_with_the_persons_rights(scene: Scene) -> None:
    rule = catalogue_rule("permanent_residence")
    LifeEventFactory(kind=LifeEventKind.MOVED, occurred_on=TODAY, subject=scene.lan.party)

    assert (TODAY + timedelta(days=60), "Hạn cuối: Đăng ký thường trú") in shown(scene)
    assert rule.is_active
