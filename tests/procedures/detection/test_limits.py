"""How many hear of a rule: a share of its audience, a number a day, nobody while it is stopped."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from hashlib import sha256

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import Citizen, Credential, FactChange
from notifications.models import Message
from portal.common.clock import CIVIL_ZONE
from portal.common.sql import Statement
from procedures.detection.facts import ScannedRule
from procedures.detection.telling import tell
from procedures.models import Rule, RuleVersion, Suggestion
from procedures.services.scan import scan_day
from procedures.services.scan_changes import scan_changes
from tests.factories.citizens import CitizenFactory, CredentialFactory, UnitFactory
from tests.procedures.detection.scene import (
    DUE,
    before,
    everything,
    make_rule,
    scan,
    scan_before,
    states,
    told,
)

pytestmark = pytest.mark.django_db
GROWN_UP = date(1986, 5, 5)


def licences(number: int, due_on: date = DUE) -> list[Credential]:
    unit = UnitFactory()
    return [
        CredentialFactory(
            holder=CitizenFactory(birth_date=GROWN_UP, unit=unit),
            expires_on=due_on,
            issued_on=date(2017, 3, 1),
        )
        for _ in range(number)
    ]


def opened() -> set[int]:
    return set(Suggestion.objects.values_list("subject", flat=True))


class TestShare:
    @pytest.mark.parametrize("percent", [1, 10, 50, 99, 100])
    def test_it_is_the_hash_of_rule_and_party_that_chooses(self, percent: int) -> None:
        rule = make_rule()
        RuleVersion.objects.update(audience_percent=percent)
        papers = licences(40)

        scan(before(90))

        def place(party: int) -> int:
            digest = sha256(f"{rule.pk}:{party}".encode()).digest()
            return int.from_bytes(digest[:2], "big") % 100

        assert opened() == {p.holder_id for p in papers if place(p.holder_id) < percent}

    def test_a_larger_share_brings_the_others_and_tells_nobody_twice(self) -> None:
        make_rule()
        RuleVersion.objects.update(audience_percent=50)
        papers = licences(20)
        scan(before(90))
        first = opened()
        RuleVersion.objects.update(audience_percent=100)

        scan(before(89))

        assert first < opened() == {paper.holder_id for paper in papers}
        assert all(len(told(paper.holder)) == 1 for paper in papers)

    def test_what_is_open_stays_when_the_share_shrinks(self) -> None:
        make_rule()
        papers = licences(10)
        scan(before(90))
        RuleVersion.objects.update(audience_percent=1)

        scan(before(60))

        assert states() == ["open"] * 10
        assert all(len(told(paper.holder)) == 2 for paper in papers)


class TestQuota:
    @pytest.fixture(autouse=True)
    def rule(self) -> Rule:
        rule = make_rule()
        Rule.objects.update(daily_quota=3)
        return rule

    def test_the_most_urgent_come_first_and_the_others_on_later_days(self) -> None:
        later, sooner = licences(4), licences(4, DUE - timedelta(days=5))

        scan(before(80))
        assert opened() == {paper.holder_id for paper in sooner[:3]}
        scan(before(79))
        assert opened() == {paper.holder_id for paper in sooner + later[:2]}
        scan(before(78))

        assert Suggestion.objects.count() == 8
        assert Message.objects.count() == 8

    def test_a_repeated_scan_of_the_date_opens_no_more(self) -> None:
        licences(5)
        scan(before(80))
        stood = everything()

        scan(before(80))

        assert everything() == stood

    def test_slices_share_it(self) -> None:
        licences(3), licences(3, DUE - timedelta(days=5))
        with time_machine.travel(datetime.combine(before(80), time(6), CIVIL_ZONE), tick=False):
            result = scan_day(on_date=before(80), slice_facts=1)

        assert not result.has_failed
        assert set(Suggestion.objects.values_list("due_on", flat=True)) == {DUE - timedelta(days=5)}
        assert Suggestion.objects.count() == 3

    def test_news_of_the_day_shares_it_and_does_not_go_ahead_of_the_more_urgent(self) -> None:
        urgent = licences(3, DUE - timedelta(days=5))

        self.news_of(licences(1)[0], before(80))
        scan(before(80))

        assert opened() == {paper.holder_id for paper in urgent}

    def test_by_day_what_changed_is_opened_within_what_the_night_has_left(self) -> None:
        licences(2)
        scan(before(80))
        first, second = licences(2)

        for paper in (first, second):
            self.news_of(paper, before(80))

        assert opened() >= {first.holder_id}
        assert Suggestion.objects.count() == 3

    def test_by_day_nothing_else_is_opened(self) -> None:
        scan(before(80))
        changed, _other = licences(2)

        self.news_of(changed, before(80))

        assert opened() == {changed.holder_id}

    def test_used_up_nothing_is_looked_at(self, rule: Rule) -> None:
        licences(4)
        scan(before(80))
        scanned = ScannedRule.of(rule.versions.select_related("rule").get())
        now = datetime.combine(before(80), time(9), CIVIL_ZONE)
        told_by = tell(scanned, before(80), now, subjects=None, reminds=False, part=None)

        plan = Statement(f"EXPLAIN (ANALYZE) {told_by.sql}", told_by.params).fetch()

        looks = [line for (line,) in plan if " on citizens_credential" in line]
        assert looks
        assert all("never executed" in line for line in looks)

    @staticmethod
    def news_of(paper: Credential, day: date) -> None:
        FactChange.objects.create(kind="credential", object_id=paper.pk, subject_id=paper.holder_id)
        now = datetime.combine(day, time(9), CIVIL_ZONE)
        with time_machine.travel(now, tick=False):
            scan_changes(now=now)

    def test_reminders_do_not_count(self) -> None:
        papers = licences(3)
        scan(before(90))
        licences(3)

        scan(before(60))

        assert [len(told(paper.holder)) for paper in papers] == [2, 2, 2]
        assert Suggestion.objects.count() == 6

    def test_a_quota_of_nothing_opens_nothing(self) -> None:
        Rule.objects.update(daily_quota=0)
        licences(2)

        scan(before(80))

        assert not Suggestion.objects.exists()


class TestKillSwitch:
    def test_what_waits_is_withdrawn_and_nothing_new_is_told(self) -> None:
        make_rule()
        paper = licences(1)[0]
        scan(before(90))
        licences(1)
        Rule.objects.update(is_active=False)

        scan_before(89, 60)

        assert states() == ["withdrawn"]
        assert Suggestion.objects.get().reason == "rule_ended"
        assert told(paper.holder) == [(90, 1)]
        assert Message.objects.get().state == "withdrawn"

    def test_switched_on_again_it_goes_on_where_it_stood(self) -> None:
        make_rule()
        paper = licences(1)[0]
        scan(before(90))
        Rule.objects.update(is_active=False)
        scan(before(89))
        Rule.objects.update(is_active=True)

        scan_before(88, 60)

        assert states() == ["open"]
        assert told(paper.holder) == [(90, 1), (60, 1)]


def test_a_rule_ends_with_the_procedure_that_it_offers() -> None:
    rule = make_rule()
    paper = licences(1)[0]
    scan(before(90))
    assert rule.procedure is not None
    rule.procedure.versions.update(valid=DateRange(None, before(60)))

    scan_before(61, 60, 30)

    assert told(paper.holder) == [(90, 1)]
    assert Suggestion.objects.get().reason == "rule_ended"
    assert Citizen.objects.filter(pk=paper.holder_id).exists()
