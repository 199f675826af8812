"""Why there is nothing to suggest to somebody, and whether the rule itself is at fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from citizens.enums import CredentialStatus, LifeEventKind
from citizens.models import Citizen
from procedures.answers import Line, answers_for
from procedures.models import Suggestion
from tests.factories.citizens import CitizenFactory, CredentialFactory, LifeEventFactory
from tests.procedures.conditions.scene import DAY, driver, rule_with
from tests.procedures.detection.scene import BADGE, CARD, DUE, LICENCE, make_rule, scan

pytestmark = pytest.mark.django_db
Given = Callable[[Citizen], object]
MOVED = LICENCE | {
    "kind": "life_event",
    "credential_kind": None,
    "events": ["moved"],
    "deadline_days": 60,
    "lead_days": [60],
    "open_days_before": 60,
    "grace_days": 0,
}
WISH = LICENCE | {"kind": "citizen_intent", "credential_kind": None}


def licence(**values: Any) -> Given:
    dates = {"issued_on": date(2017, 3, 1), "expires_on": DUE} | values
    return lambda person: CredentialFactory(holder=person, kind="driving_licence", **dates)


def card(issued_on: date) -> Given:
    return lambda person: CredentialFactory(
        holder=person, kind="citizen_identity_card", issued_on=issued_on, expires_on=None
    )


def moved(on: date) -> Given:
    return lambda person: LifeEventFactory(
        kind=LifeEventKind.MOVED, occurred_on=on, subject=person.party
    )


def nothing(_person: Citizen) -> None:
    """Nothing is known."""


@pytest.mark.parametrize(
    ("definition", "person", "given", "key", "says"),
    [
        (LICENCE, {}, nothing, "paper", "Chưa biết: Có giấy tờ"),
        (LICENCE, {}, licence(expires_on=None), "paper", "Giấy tờ không có ngày hết hạn"),
        (LICENCE, {}, licence(expires_on=date(2026, 1, 1)), "paper", "quá những ngày được nhắc"),
        (LICENCE, {}, licence(status=CredentialStatus.REVOKED), "paper", "còn giá trị"),
        (BADGE, {}, nothing, "subject", "Quy tắc dành cho tổ chức"),
        (
            CARD,
            {"birth_date": date(1940, 1, 1)},
            nothing,
            "birthday",
            "không gần mốc tuổi: 14, 25, 40, 60",
        ),
        (CARD, {"birth_date": date(1900, 1, 1)}, nothing, "birthday", "Chưa biết: Biết ngày sinh"),
        (CARD, {"died_on": date(2026, 1, 1)}, nothing, "living", "Người này đã mất"),
        (
            CARD,
            {"birth_date": date(1967, 3, 1)},
            card(date(2025, 3, 1)),
            "fresh_card",
            "Thẻ được cấp trong 2 năm trước mốc tuổi",
        ),
        (MOVED, {}, nothing, "event", "Chưa biết: Có sự kiện: chuyển nơi cư trú"),
        (MOVED, {}, moved(date(2026, 1, 1)), "event", "từ ngày 16/11/2026 đến nay"),
        (WISH, {}, nothing, "scanned", "Người dân tự chọn việc này khi cần"),
    ],
)
def test_without_a_fact_it_is_said_why(
    definition: dict[str, Any], person: dict[str, Any], given: Given, key: str, says: str
) -> None:
    somebody = CitizenFactory(**person)
    given(somebody)
    version = make_rule(definition).versions.select_related("rule").get()

    answers = answers_for(version=version, party=somebody.party, day=DAY)

    (line,) = answers.nothing
    assert not answers.facts
    assert (line.key, bool(line.is_met)) == (key, False)
    assert says in line.told.vi
    assert line.told.en


def test_a_card_issued_a_day_earlier_is_changed_at_the_milestone() -> None:
    person = CitizenFactory(birth_date=date(1967, 3, 1))
    card(date(2025, 2, 28))(person)
    version = make_rule(CARD).versions.select_related("rule").get()

    answers = answers_for(version=version, party=person.party, day=DAY)

    assert [fact.cycle for fact in answers.facts] == [60]


def of_rule(lines: tuple[Line, ...]) -> dict[str, bool | None]:
    return {line.key: line.holds for line in lines}


def test_a_stopped_rule_and_a_used_up_quota_are_reasons() -> None:
    person = driver()
    driver()
    version = rule_with(None)
    version.rule.daily_quota = 1
    version.rule.save()

    before = answers_for(version=version, party=person.party, day=DAY)
    scan(DAY)
    after = answers_for(version=version, party=person.party, day=DAY)
    version.rule.is_active = False
    version.rule.save()
    stopped = answers_for(version=version, party=person.party, day=DAY)

    assert Suggestion.objects.count() == 1
    held = {"active": True, "in_force": True, "offered": True}
    assert of_rule(before.lines) == held | {"quota": True}
    assert of_rule(after.lines) == held | {"quota": False}
    assert of_rule(stopped.lines) == {"active": False, "in_force": True, "quota": False}
    assert (before.is_in_force, stopped.is_in_force) == (True, False)


def test_the_next_campaign_is_told_with_its_day() -> None:
    child = CitizenFactory(birth_date=date(2021, 5, 5))
    campaign = LICENCE | {
        "kind": "calendar",
        "credential_kind": None,
        "ages": [6],
        "period": "06-01/07-31",
        "open_days_before": 90,
        "address": "guardian",
    }
    version = make_rule(campaign).versions.select_related("rule").get()

    (fact,) = answers_for(version=version, party=child.party, day=DAY).facts

    assert fact.due_on == date(2027, 7, 31)
    assert fact.opens_on == fact.due_on - timedelta(days=90)
    assert not fact.is_suggested
