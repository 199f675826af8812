"""What officials do to a rule holds from then on, whatever the night's scan did or is doing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import User
from notifications.models import Message
from procedures.models import Rule, RuleStep, RuleVersion, ScanRun, Suggestion
from procedures.selectors.drafts import seen_of
from procedures.services import release_version, stop_rule, widen_version
from procedures.services.scan_resumed import scan_resumed
from tests.factories.citizens import CredentialFactory, UserFactory
from tests.factories.procedures import moment
from tests.factories.rehearsals import rehearsed
from tests.procedures.detection.scene import DUE, LICENCE, before, make_rule, scan, states

DAY = before(80)
NOW = moment(DAY)


@pytest.fixture
def rule() -> Rule:
    """A rule, scanned in the night, which has told two people of their licences."""
    made = make_rule()
    for _ in range(2):
        CredentialFactory(expires_on=DUE)
    scan(DAY)
    assert states() == ["open", "open"]
    return made


@pytest.fixture
def official() -> User:
    return UserFactory(of_official=True)


def ring() -> int:
    with time_machine.travel(NOW):
        return scan_resumed(now=NOW)


@contextmanager
def another_scan_at(rule: Rule) -> Iterator[None]:
    """Hold what a scan holds that is at the rule: its lock, and a suggestion not yet committed."""
    other = connection.copy()
    with closing(other), other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("SELECT pg_advisory_xact_lock(731001, %s)", [rule.pk])
        cursor.execute("SELECT 1 FROM procedures_rule WHERE id = %s FOR KEY SHARE", [rule.pk])
        yield
        other.rollback()


# ---------------------------------------------------------------------------------------- stop
@pytest.mark.django_db(transaction=True)
def test_a_stop_does_not_wait_for_a_scan_that_is_at_the_rule(rule: Rule, official: User) -> None:
    # Given a scan in a long transaction
    with another_scan_at(rule):
        # When the rule is stopped
        waiting = stop_rule(rule=rule, by=official, reason="Sai ngày", now=NOW)

        # Then it is silent at once, and what waits is withdrawn when the scan is over
        rule.refresh_from_db()
        assert (waiting, rule.is_active) == (2, False)
        assert states() == ["open", "open"]
        assert RuleStep.objects.get().withdrawn_count == 2
    assert ring() == 1
    assert states() == ["withdrawn", "withdrawn"]
    assert set(Message.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert ring() == 0


@pytest.mark.django_db
def test_what_a_scan_opened_after_the_stop_is_withdrawn_too(rule: Rule, official: User) -> None:
    stop_rule(rule=rule, by=official, reason="Sai ngày", now=NOW)
    Suggestion.objects.update(state="open", reason="", closed_at=None)

    assert ring() == 1

    assert states() == ["withdrawn", "withdrawn"]


# ----------------------------------------------------------------------------- release, extend
def draft_of(rule: Rule) -> RuleVersion:
    """A rehearsed second version, which remembers people earlier."""
    earlier = LICENCE | {"lead_days": [120, 90, 60, 30, 7, 1], "open_days_before": 120}
    made = RuleVersion.objects.create(
        rule=rule, number=2, definition=earlier, valid=DateRange(None, None), status="draft"
    )
    rehearsed(made)
    return made


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "runs", "open_now"), [(0, 1, 3), (1, 0, 2)])
def test_a_version_released_for_today_speaks_today(
    days: int, runs: int, open_now: int, rule: Rule, official: User
) -> None:
    # Given a licence that only the new version looks for, and a date that was scanned
    CredentialFactory(expires_on=DUE + timedelta(days=35))
    draft = draft_of(rule)

    # When the new version is released
    release_version(
        version=draft,
        seen=seen_of(draft),
        released_by=official,
        valid_from=DAY + timedelta(days=days),
        now=NOW,
    )

    # Then it speaks within a minute if it begins today
    assert ring() == runs
    assert states() == ["open"] * open_now


@pytest.mark.django_db
def test_extended_to_all_it_speaks_to_all_today(rule: Rule, official: User) -> None:
    RuleVersion.objects.filter(rule=rule).update(audience_percent=1)
    CredentialFactory(expires_on=DUE)

    widen_version(version=rule.versions.get(), by=official, now=NOW)

    assert ring() == 1
    assert states() == ["open"] * 3
    assert ScanRun.objects.filter(scope=rule.key).count() == 1
