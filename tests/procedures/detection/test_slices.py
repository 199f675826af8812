"""The first run of a rule, cut into slices: nobody is told twice, a crash loses nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.db.models import Sum

from citizens.enums import AuthorityBasis
from citizens.models import Citizen
from notifications.models import Message
from portal.common import clock
from procedures.detection.facts import ScannedRule, facts_due
from procedures.detection.runs import LEASE
from procedures.detection.slicing import slices
from procedures.detection.windows import due_window
from procedures.models import RuleStep, RuleVersion, ScanRunRule, Suggestion
from procedures.services.scan import scan_day
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.procedures.detection.scene import (
    BADGE,
    DUE,
    before,
    catalogue_rule,
    everything,
    make_rule,
    scan,
    told,
)

pytestmark = pytest.mark.django_db
GROWN_UP = date(1986, 5, 5)


def cooperative(due_days: list[int]) -> Citizen:
    """Make a cooperative with a badge due on each of the days after DUE; return its chair."""
    organisation = OrganisationFactory()
    chair = CitizenFactory(birth_date=GROWN_UP)
    AuthorityFactory(actor=chair, for_party=organisation.party, basis=AuthorityBasis.REPRESENTATIVE)
    for days in due_days:
        CredentialFactory(
            holder=organisation,
            kind="transport_badge",
            expires_on=DUE + timedelta(days=days),
            issued_on=date(2020, 1, 1),
        )
    return chair


class CrashInSlice:
    """Ends the process as it takes the rule's lock for the slice of that number."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.left -= "pg_advisory_xact_lock" in sql
        if not self.left:
            raise KeyboardInterrupt
        return execute(sql, *rest)


_WRITTEN = ("opened", "reminded", "retired")


def _written() -> list[int]:
    sums = ScanRunRule.objects.aggregate(**{name: Sum(f"{name}_count") for name in _WRITTEN})
    return [sums[name] for name in _WRITTEN]


class Transactions:
    """Notes how many suggestions each slice of a scan opens, reminds of and ends."""

    def __init__(self) -> None:
        self.opened: list[int] = []
        self.reminded: list[int] = []
        self.retired: list[int] = []

    def __enter__(self) -> Transactions:
        self._wrapper = connection.execute_wrapper(self._note)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *details: Any) -> None:
        self._wrapper.__exit__(*details)

    def _note(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "opened_count" not in sql or not sql.startswith("UPDATE"):
            return execute(sql, *rest)
        held = _written()
        done = execute(sql, *rest)
        for name, was, now in zip(_WRITTEN, held, _written(), strict=True):
            getattr(self, name).append(now - was)
        return done


def test_a_person_in_many_slices_gets_one_message_about_the_most_urgent() -> None:
    make_rule(BADGE, "badge")
    chair = cooperative([0, 1, 2, 3, 4, 5])
    late = cooperative([5])

    result = scan_day(on_date=before(10), slice_facts=2)

    assert result.total.opened == Suggestion.objects.count() == 7
    assert result.total.messages == 2
    assert told(chair) == [(10, 2)]
    assert told(late) == [(15, 1)]
    most_urgent = Suggestion.objects.earliest("due_on")
    assert Message.objects.get(recipient=chair.pk).thread_key == f"suggestion:{most_urgent.pk}"


def test_run_again_it_writes_nothing_and_the_next_stage_tells_of_all() -> None:
    make_rule(BADGE, "badge")
    chair = cooperative([0, 0, 1, 1])
    scan_day(on_date=before(10), slice_facts=2)
    stood = everything()

    scan_day(on_date=before(10), slice_facts=2)

    assert everything() == stood
    scan(before(5))
    assert told(chair) == [(10, 2), (5, 4)]


def test_after_a_crash_who_was_told_is_not_told_again_and_the_others_are() -> None:
    make_rule(BADGE, "badge")
    chair = cooperative([0, 0, 1, 1])
    late = cooperative([1])
    with connection.execute_wrapper(CrashInSlice(2)), pytest.raises(KeyboardInterrupt):
        scan_day(on_date=before(10), slice_facts=2)
    assert told(chair) == [(10, 2)]
    assert told(late) == []

    with time_machine.travel(clock.now() + LEASE + timedelta(minutes=1)):
        result = scan_day(on_date=before(10), slice_facts=2)

    assert result.run
    assert result.run.resumed_count == 1
    assert Suggestion.objects.count() == 5
    assert told(chair) == [(10, 2)]
    assert told(late) == [(11, 1)]


def test_a_first_run_in_one_part_names_the_matter_in_its_key() -> None:
    make_rule(BADGE, "badge")
    chair = cooperative([0, 0])

    scan_day(on_date=before(10))

    first = Suggestion.objects.earliest("pk")
    assert Message.objects.get().dedupe_key == f"remind:{first.pk}:10:{chair.pk}"


class TestCampaigns:
    """A campaign is due on one day alone, and opens for everybody on another."""

    BEGINS = date(2027, 5, 15)
    OPENS = date(2027, 4, 15)

    def pupils(self, number: int, mother: Citizen | None = None) -> list[Citizen]:
        mothers = []
        for _ in range(number):
            told_of = mother or CitizenFactory(birth_date=GROWN_UP)
            child = CitizenFactory(birth_date=date(2021, 9, 9))
            AuthorityFactory(actor=told_of, for_party=child.party)
            mothers.append(told_of)
        return mothers

    def test_the_day_on_which_it_opens_is_cut_every_year(self) -> None:
        """Though the rule was scanned the night before."""
        catalogue_rule("primary_school_admission")
        mothers = self.pupils(7)
        scan(self.OPENS - timedelta(days=1))

        with Transactions() as taken:
            result = scan_day(on_date=self.OPENS, slice_facts=2)

        assert result.total.opened == Suggestion.objects.count() == 7
        assert taken.opened == [2, 2, 2, 1]
        assert all(len(told(mother)) == 1 for mother in mothers)
        with Transactions() as taken:
            scan_day(on_date=self.OPENS + timedelta(days=1), slice_facts=2)
        assert taken.opened == [0]

    def test_a_stage_that_all_reach_together_is_cut(self) -> None:
        catalogue_rule("primary_school_admission")
        mothers = self.pupils(5)
        scan(self.OPENS)
        day = self.BEGINS - timedelta(days=7)

        with Transactions() as taken:
            result = scan_day(on_date=day, slice_facts=2)

        assert taken.reminded == [2, 2, 1, 0]
        assert result.total.messages == 5
        assert all(len(told(mother)) == 2 for mother in mothers)
        stood = everything()
        scan_day(on_date=day, slice_facts=2)
        assert everything() == stood

    def test_a_mother_of_children_in_several_slices_hears_once(self) -> None:
        catalogue_rule("primary_school_admission")
        mother = CitizenFactory(birth_date=GROWN_UP)
        self.pupils(5, mother)

        scan_day(on_date=self.OPENS, slice_facts=2)
        scan_day(on_date=self.BEGINS - timedelta(days=7), slice_facts=2)

        assert Suggestion.objects.count() == 5
        assert [days for days, _ in told(mother)] == [107, 84]

    def test_the_end_of_a_campaign_is_cut(self) -> None:
        catalogue_rule("primary_school_admission")
        self.pupils(5)
        scan(self.OPENS)
        ended = date(2027, 8, 1)

        with Transactions() as taken:
            result = scan_day(on_date=ended, slice_facts=2)

        assert taken.retired == [2, 2, 1]
        assert result.total.retired == 5
        assert set(Suggestion.objects.values_list("state", flat=True)) == {"expired"}
        assert result.run
        assert result.run.state == "finished"
        stood = everything()
        scan_day(on_date=ended, slice_facts=2)
        assert everything() == stood

    @pytest.mark.parametrize("crash", [1, 2, 3])
    @pytest.mark.parametrize("stage", [30, 7], ids=["opening", "reminding"])
    def test_a_crash_within_the_day_loses_nobody_and_tells_nobody_twice(
        self, stage: int, crash: int
    ) -> None:
        catalogue_rule("primary_school_admission")
        mothers = self.pupils(5)
        mother = self.pupils(1, mothers[0])[0]
        if stage == 7:
            scan(self.OPENS)
        day = self.BEGINS - timedelta(days=stage)
        with connection.execute_wrapper(CrashInSlice(crash)), pytest.raises(KeyboardInterrupt):
            scan_day(on_date=day, slice_facts=2)

        with time_machine.travel(clock.now() + LEASE + timedelta(minutes=1)):
            scan_day(on_date=day, slice_facts=2)

        rounds = 1 if stage == 30 else 2
        assert Suggestion.objects.count() == 6
        assert {len(told(one)) for one in {*mothers, mother}} == {rounds}
        assert set(Suggestion.objects.values_list("stage_sent", flat=True)) == {77 + stage}

    def test_a_version_that_is_extended_to_all_is_cut(self) -> None:
        rule = catalogue_rule("primary_school_admission")
        self.pupils(7)
        RuleVersion.objects.update(audience_percent=1)
        scan(self.OPENS)
        RuleVersion.objects.update(audience_percent=100)
        RuleStep.objects.create(
            rule=rule, rule_version=rule.versions.get(), action="widen", by=UserFactory(),
            at=clock.now() + timedelta(days=3_000),
        )  # fmt: skip

        with Transactions() as taken:
            scan_day(on_date=self.OPENS + timedelta(days=1), slice_facts=2)

        assert max(taken.opened) <= 2
        assert Suggestion.objects.count() == 7


@pytest.mark.parametrize(
    ("due", "size", "parts"),
    [
        ([0, 0, 0, 0, 0], 10, [5]),
        ([0, 0, 0, 0, 0], 5, [5]),
        ([0, 0, 0, 0, 0], 2, [2, 2, 1, 0]),
        ([0, 1, 1, 1, 2], 2, [1, 2, 1, 1]),
        ([0, 0, 0, 1, 2], 2, [2, 1, 2]),
        ([], 2, [0]),
    ],
)
def test_where_a_window_is_cut(due: list[int], size: int, parts: list[int]) -> None:
    rule = make_rule(BADGE, "badge")
    cooperative(due)
    scanned = ScannedRule.of(rule.versions.get())
    window = due_window(scanned.definition, before(10))

    cut = list(slices(window, facts_due(scanned, window), size))

    assert [facts_due(scanned, part).count() for part in cut] == parts
    assert (cut[0].first, cut[-1].last, cut[-1].up_to) == (window.first, window.last, None)
