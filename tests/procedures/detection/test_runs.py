"""Runs: one a date, resumed after a crash, one rule's failure apart from the others'."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from notifications.models import Message
from portal.common import clock
from procedures.detection import engine
from procedures.detection.facts import ScannedRule, facts_due
from procedures.detection.runs import LEASE, claim_run, finish_run, keeps_lease, line_of, note
from procedures.detection.slicing import slices
from procedures.detection.windows import due_window
from procedures.enums import RunState
from procedures.models import Recipient, ScanRun, ScanRunRule, Suggestion
from procedures.services.scan import has_scanned, scan_day
from procedures.tasks import scan_today
from tests.factories.citizens import CitizenFactory, CredentialFactory
from tests.procedures.detection.scene import (
    DUE,
    LICENCE,
    before,
    everything,
    make_rule,
    release,
    scan,
    states,
)

GROWN_UP = date(1986, 5, 5)


def licences(number: int, first: date = DUE, kind: str = "driving_licence") -> None:
    for index in range(number):
        CredentialFactory(
            holder=CitizenFactory(birth_date=GROWN_UP),
            kind=kind,
            expires_on=first + timedelta(days=index),
            issued_on=date(2017, 3, 1),
        )


@pytest.mark.django_db
def test_a_run_counts_what_each_rule_did() -> None:
    make_rule()
    licences(3)

    scan(before(88))
    scan(before(60))

    first, second = ScanRun.objects.order_by("on_date")
    assert (first.state, first.on_date, first.lease_until) == ("finished", before(88), None)
    line = first.rules.get()
    counts = (line.opened_count, line.message_count, line.reminded_count, line.retired_count)
    assert counts == (3, 3, 0, 0)
    assert line.finished_at is not None
    line = second.rules.get()
    assert (line.opened_count, line.reminded_count, line.message_count) == (0, 1, 1)


@pytest.mark.django_db
def test_the_number_of_statements_does_not_depend_on_the_number_due() -> None:
    make_rule()
    licences(1)
    with CaptureQueriesContext(connection) as few:
        scan(before(85))
    licences(40, DUE + timedelta(days=1))
    with CaptureQueriesContext(connection) as many:
        scan(before(40))
    with CaptureQueriesContext(connection) as again:
        scan(before(39))

    assert Message.objects.count() == 43
    assert len(many) - len(few) <= 1  # what waits is looked at from the second day on
    assert len(again) <= len(many)


@pytest.mark.django_db
def test_a_dry_run_writes_nothing_and_tells_what_would_happen() -> None:
    make_rule()
    licences(3)
    stood = everything()

    result = scan_day(on_date=before(85), dry_run=True)

    assert result.run is None
    assert (result.total.opened, result.total.messages) == (3, 3)
    assert everything() == stood


@pytest.mark.django_db
def test_one_rule_can_be_scanned_alone() -> None:
    make_rule()
    make_rule(LICENCE | {"credential_kind": "passport"}, "passport")
    licences(1)
    licences(1, kind="passport")

    result = scan(before(90), "passport")

    assert [one.rule_key for one in result.rules] == ["passport"]
    assert [suggestion.rule.key for suggestion in Suggestion.objects.all()] == ["passport"]
    assert ScanRun.objects.get().scope == "passport"
    assert not has_scanned(on_date=before(90))


@pytest.mark.django_db
def test_a_rule_that_raises_does_not_stop_the_others() -> None:
    broken = make_rule(LICENCE | {"credential_kind": "passport"}, "a-broken-rule")
    make_rule(key="licence")
    licences(1)
    release(broken, LICENCE | {"lead_days": "ninety"}, first=before(100))

    result = scan_day(on_date=before(90))

    assert [(one.rule_key, bool(one.error)) for one in result.rules] == [
        ("a-broken-rule", True),
        ("licence", False),
    ]
    assert states() == ["open"]
    run = ScanRun.objects.get()
    assert run.state == RunState.FAILED
    assert run.rules.get(rule_version__rule=broken).error == "DefinitionError"
    assert not has_scanned(on_date=before(90))


@pytest.mark.django_db
def test_a_failed_date_is_finished_by_a_later_scan() -> None:
    broken = make_rule(LICENCE | {"credential_kind": "passport"}, "a-broken-rule")
    licences(1, kind="passport")
    release(broken, LICENCE | {"lead_days": "ninety"}, first=before(100))
    scan_day(on_date=before(90))
    release(broken, LICENCE | {"credential_kind": "passport"}, first=before(95))

    scan(before(90))

    assert states() == ["open"]
    assert has_scanned(on_date=before(90))


@pytest.mark.django_db(transaction=True)
def test_the_error_kept_names_no_value_of_a_row() -> None:
    rule = make_rule()
    licences(1)
    release(rule, LICENCE | {"topic": "no_such_topic"}, first=before(100))

    result = scan_day(on_date=before(90))

    # The foreign key of the topic is checked when the transaction ends: nothing of it stays.
    assert not Suggestion.objects.exists()
    assert result.rules[0].error.startswith("IntegrityError 23503 notifications_")
    assert "no_such_topic" not in ScanRunRule.objects.get().error


class TestLease:
    @pytest.fixture
    def now(self) -> Any:
        return clock.now()

    @pytest.mark.django_db
    def test_a_date_that_is_being_scanned_is_left_alone(self, now: Any) -> None:
        make_rule()
        licences(1)
        assert claim_run(on_date=before(90), scope="", now=now)

        result = scan_day(on_date=before(90))

        assert result.is_busy
        assert not Suggestion.objects.exists()
        assert claim_run(on_date=before(90), scope="", now=now + LEASE / 2) is None

    @pytest.mark.django_db
    def test_a_stale_run_is_taken_over_and_marked_resumed(self, now: Any) -> None:
        make_rule()
        licences(1)
        stale = claim_run(on_date=before(90), scope="", now=now)
        assert stale

        with time_machine.travel(now + LEASE + timedelta(seconds=1)):
            result = scan_day(on_date=before(90))

        assert result.run is not None
        assert result.run.resumed_count == 1
        assert result.run.state == RunState.FINISHED
        assert states() == ["open"]
        assert not keeps_lease(stale, now)

    @pytest.mark.django_db
    def test_the_run_that_was_lost_cannot_finish(self, now: Any) -> None:
        lost = claim_run(on_date=DUE, scope="", now=now)
        assert lost
        assert claim_run(on_date=DUE, scope="", now=now + LEASE * 2)

        finish_run(lost, is_clean=True, now=now)

        assert ScanRun.objects.get().state == RunState.RUNNING

    @pytest.mark.django_db
    def test_a_resumed_run_goes_on_after_the_slice_that_was_done(self, now: Any) -> None:
        rule = make_rule()
        licences(4)
        run = claim_run(on_date=before(85), scope="", now=now)
        assert run
        note(
            line_of(run, rule.versions.get()),
            engine.Counts(opened=2),
            took=timedelta(0),
            cursor=DUE + timedelta(days=1),
        )

        with time_machine.travel(now + LEASE * 2):
            scan_day(on_date=before(85))

        # Those up to the cursor were done before the crash, the others now.
        dues = set(Suggestion.objects.values_list("due_on", flat=True))
        assert dues == {DUE + timedelta(days=2), DUE + timedelta(days=3)}
        assert ScanRunRule.objects.get().opened_count == 4

    @pytest.mark.django_db
    def test_today_is_scanned_once_however_often_the_bell_rings(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        make_rule()
        licences(1)
        with time_machine.travel(f"{before(90)}T01:00:00Z"):
            scan_today()
            with django_assert_num_queries(1):
                scan_today()

        assert states() == ["open"]


def in_threads(*actions: Callable[[], object]) -> list[object]:
    """Run actions at once, each with a connection of its own; return what they return or raise."""
    results: list[object] = [None] * len(actions)
    start = threading.Barrier(len(actions))

    def run(index: int, action: Callable[[], object]) -> None:
        start.wait()
        try:
            results[index] = action()
        except Exception as error:
            results[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.fault
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("was_scanned", [False, True], ids=["a new date", "a date scanned before"])
def test_scans_at_once_are_one(was_scanned: bool) -> None:
    make_rule()
    if was_scanned:
        scan_day(on_date=before(60))
    licences(30)

    results = in_threads(*[lambda: scan_day(on_date=before(60))] * 4)

    assert not [one for one in results if isinstance(one, Exception)]
    assert Suggestion.objects.count() == Recipient.objects.count() == 30
    assert Message.objects.count() == 30
    assert ScanRun.objects.get().rules.get().opened_count == 30


@pytest.mark.django_db
def test_a_first_run_is_cut_at_due_dates() -> None:
    rule = make_rule()
    licences(6)
    scanned = ScannedRule.of(rule.versions.get())
    window = due_window(scanned.definition, before(80))
    facts = facts_due(scanned, window)

    cut = list(slices(window, facts, size=2))

    assert len(cut) == 3
    assert cut[0].first == window.first
    assert cut[-1].last == window.last
    for one, following in pairwise(cut):
        assert following.first == one.last + timedelta(days=1)
    assert list(slices(window, facts, size=100)) == [window]
