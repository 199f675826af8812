"""The kill switch: silent at once, the queue taken back; a second official lets it go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import translation

from citizens.models import User
from notifications.enums import MessageState
from notifications.models import Message
from portal.common.errors import RefusedError
from procedures.detection import runs
from procedures.detection.engine import lock_rule
from procedures.enums import RuleAction, RunState, SuggestionState
from procedures.models import Rule, RuleStep, ScanRun, Suggestion
from procedures.services import resume_rule, stop_rule
from procedures.services.scan_resumed import scan_resumed
from tests.factories.citizens import CredentialFactory, UserFactory
from tests.factories.procedures import moment
from tests.procedures.detection.scene import DUE, before, make_rule, scan, states

pytestmark = pytest.mark.django_db
DAY = before(80)
NOW = moment(DAY)
REASON = "Nguồn dữ liệu gửi sai ngày hết hạn"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def first() -> User:
    return UserFactory(of_official=True)


@pytest.fixture
def second() -> User:
    return UserFactory(of_official=True)


@pytest.fixture
def rule() -> Rule:
    """A rule that has told two people of their licences."""
    made = make_rule()
    for _ in range(2):
        CredentialFactory(expires_on=DUE)
    scan(DAY)
    assert states() == ["open", "open"]
    return made


def stop(rule: Rule, by: User) -> int:
    return stop_rule(rule=rule, by=by, reason=REASON, now=NOW)


def queued() -> int:
    return Message.objects.filter(state=MessageState.QUEUED).count()


def test_it_is_silent_at_once_and_its_queue_is_withdrawn(rule: Rule, first: User) -> None:
    assert queued() == 2

    withdrawn = stop(rule, first)

    rule.refresh_from_db()
    reasons = set(Suggestion.objects.values_list("state", "reason"))
    assert withdrawn == 2
    assert reasons == {(SuggestionState.WITHDRAWN, "rule_ended")}
    assert queued() == 0
    assert not rule.is_active
    assert (rule.stopped_by, rule.stopped_at, rule.stop_reason) == (first, NOW, REASON)


def test_an_accepted_suggestion_goes_on(rule: Rule, first: User) -> None:
    accepted = Suggestion.objects.order_by("pk")[0]
    Suggestion.objects.filter(pk=accepted.pk).update(
        state=SuggestionState.ACCEPTED, next_remind_on=None
    )

    assert stop(rule, first) == 1
    accepted.refresh_from_db()
    assert accepted.state == SuggestionState.ACCEPTED


def test_the_next_scans_are_silent(rule: Rule, first: User) -> None:
    stop(rule, first)
    CredentialFactory(expires_on=DUE)

    scan(DAY + timedelta(days=1))

    assert states() == ["withdrawn", "withdrawn"]
    assert queued() == 0


def test_a_scan_that_has_begun_learns_of_it_at_the_rule(rule: Rule, first: User) -> None:
    assert lock_rule(rule.pk)

    stop(rule, first)

    assert not lock_rule(rule.pk)


def test_resumed_it_comes_back_and_nobody_hears_a_stage_twice(
    rule: Rule, first: User, second: User
) -> None:
    # Given a rule that was stopped and let go on
    stop(rule, first)
    told = Message.objects.count()
    resume_rule(rule=rule, by=second, reason="Đã sửa", now=NOW)

    # When the next scan runs
    scan(DAY + timedelta(days=1))

    # Then the same suggestions are open, what had not left waits again, and the next stage is told
    # when it comes
    rule.refresh_from_db()
    assert states() == ["open", "open"]
    assert Message.objects.count() == queued() == told
    assert (rule.is_active, rule.stopped_by, rule.stop_reason) == (True, None, "")
    scan(before(60))
    assert Message.objects.count() == told + 2


def test_steps_are_kept(rule: Rule, first: User, second: User) -> None:
    stop(rule, first)
    resume_rule(rule=rule, by=second, reason="Đã sửa", now=NOW)

    steps = RuleStep.objects.order_by("pk").values_list("action", "by", "reason", "withdrawn_count")
    assert list(steps) == [
        (RuleAction.STOP, first.pk, REASON, 2),
        (RuleAction.RESUME, second.pk, "Đã sửa", 0),
    ]


def test_whoever_stopped_it_does_not_resume_it(rule: Rule, first: User) -> None:
    stop(rule, first)

    with pytest.raises(RefusedError, match="Whoever stopped"):
        resume_rule(rule=rule, by=first, now=NOW)

    rule.refresh_from_db()
    assert not rule.is_active


def test_neither_is_done_twice(rule: Rule, first: User, second: User) -> None:
    with pytest.raises(RefusedError, match="not stopped"):
        resume_rule(rule=rule, by=second, now=NOW)
    stop(rule, first)
    with pytest.raises(RefusedError, match="already"):
        stop(rule, second)


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_needed(reason: str, rule: Rule, first: User) -> None:
    with pytest.raises(RefusedError, match="Say why"):
        stop_rule(rule=rule, by=first, reason=reason, now=NOW)

    assert states() == ["open", "open"]


# ------------------------------------------------------------------- scanned at once
def test_it_comes_back_on_the_same_day_though_the_night_was_scanned(
    rule: Rule, first: User, second: User
) -> None:
    # Given a rule that is stopped and resumed after the scan of the date
    stop(rule, first)
    told = Message.objects.count()
    resume_rule(rule=rule, by=second, reason="Đã sửa", now=NOW)
    CredentialFactory(expires_on=DUE)

    # When the bell of resumed rules rings
    with time_machine.travel(NOW):
        assert scan_resumed(now=NOW) == 1

    # Then what was withdrawn is open, what is new has been told, and nothing waits any more
    assert states() == ["open", "open", "open"]
    assert Message.objects.count() == told + 1
    assert scan_resumed(now=NOW) == 0


def test_it_is_scanned_again_after_each_time(rule: Rule, first: User, second: User) -> None:
    for _ in range(2):
        stop(rule, first)
        resume_rule(rule=rule, by=second, reason="Đã sửa", now=NOW)
        with time_machine.travel(NOW):
            assert scan_resumed(now=NOW) == 1

    assert states() == ["open", "open"]
    assert ScanRun.objects.filter(scope=rule.key).count() == 1


def test_stopped_again_before_the_bell_it_stays_silent(
    rule: Rule, first: User, second: User
) -> None:
    stop(rule, first)
    resume_rule(rule=rule, by=second, reason="Đã sửa", now=NOW)
    stop(rule, first)

    with time_machine.travel(NOW):
        scan_resumed(now=NOW)

    assert states() == ["withdrawn", "withdrawn"]


def test_what_nobody_scanned_yesterday_is_scanned_for_today(
    rule: Rule, first: User, second: User
) -> None:
    stop(rule, first)
    resume_rule(rule=rule, by=second, reason="Đã sửa", now=NOW)
    tomorrow = NOW + timedelta(days=1)

    with time_machine.travel(tomorrow):
        assert scan_resumed(now=tomorrow) == 1
        assert scan_resumed(now=tomorrow) == 0

    assert states() == ["open", "open"]
    assert set(ScanRun.objects.values_list("state", flat=True)) == {RunState.FINISHED}


def test_whoever_is_at_it_loses_the_lease(rule: Rule, first: User, second: User) -> None:
    # Given a process that scans the rule since it was resumed
    stop(rule, first)
    resume_rule(rule=rule, by=second, reason="Đã sửa", now=NOW)
    run = runs.claim_run(on_date=DAY, scope=rule.key, now=NOW)
    assert run is not None
    assert scan_resumed(now=NOW) == 0

    # When the rule is stopped and resumed once more
    stop(rule, first)
    resume_rule(rule=rule, by=second, reason="Đã sửa", now=NOW)

    # Then the process writes no more, and the next one begins again
    assert not runs.keeps_lease(run, NOW)
    with time_machine.travel(NOW):
        assert scan_resumed(now=NOW) == 1
    assert states() == ["open", "open"]
