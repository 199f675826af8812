"""A version that begins with a share of its audience leaves the others to the version before."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from citizens.models import Citizen, Credential, FactChange
from portal.common.clock import CIVIL_ZONE
from procedures.answers import coming_dates
from procedures.detection.facts import ScannedRule
from procedures.detection.shares import serving_rules
from procedures.detection.suggestions import waiting_of
from procedures.detection.terms import InShare
from procedures.models import Rule, RuleVersion, Suggestion
from procedures.services import stop_rule
from procedures.services.scan_changes import scan_changes
from tests.factories.citizens import CitizenFactory, CredentialFactory, UnitFactory, UserFactory
from tests.procedures.detection.scene import (
    DUE,
    LICENCE,
    before,
    everything,
    make_rule,
    release,
    scan,
    told,
)

pytestmark = pytest.mark.django_db
BEGINS = before(80)
# A condition that nobody meets: what a slip of the keyboard may make of a rule.
WRONG: dict[str, Any] = LICENCE | {"conditions": {"paper_class": {"classes": ["none"]}}}


def licences(number: int) -> list[Credential]:
    unit = UnitFactory()
    return [
        CredentialFactory(
            holder=CitizenFactory(birth_date=date(1986, 5, 5), unit=unit),
            expires_on=DUE,
            issued_on=date(2017, 3, 1),
            category="B",
        )
        for _ in range(number)
    ]


def begin(rule: Rule, definition: dict[str, Any], percent: int, first: date) -> RuleVersion:
    """Release the next version to a share from the date `first` on."""
    version = release(rule, definition, first=first)
    version.audience_percent = percent
    version.save(update_fields=["audience_percent"])
    return version


def within(rule: Rule, percent: int, after: int = 0) -> set[int]:
    share = InShare("pk", rule.pk, percent, after=after)
    return set(Citizen.objects.filter(share).values_list("pk", flat=True))


def waiting() -> set[int]:
    return set(Suggestion.objects.waiting().values_list("subject", flat=True))


def test_a_wrong_version_withdraws_no_more_than_its_share() -> None:
    rule = make_rule()
    papers = licences(30)
    scan(before(90))
    begin(rule, WRONG, 20, BEGINS)

    scan(BEGINS)
    stood = everything()
    scan(BEGINS)

    few = within(rule, 20)
    assert 0 < len(few) < 15
    assert waiting() == {paper.holder_id for paper in papers} - few
    reasons = Suggestion.objects.filter(subject__in=few).values_list("reason", flat=True)
    assert set(reasons) == {"conditions_no_longer_met"}
    assert everything() == stood


def test_the_others_go_on_being_told_by_the_version_before() -> None:
    rule = make_rule()
    begin(rule, LICENCE | {"lead_days": [75]}, 50, BEGINS)
    papers = licences(20)

    for days in (80, 75, 60):
        scan(before(days))

    few = within(rule, 50)
    for paper in papers:
        expected = [(75, 1)] if paper.holder_id in few else [(80, 1), (60, 1)]
        assert told(paper.holder) == expected
    opened = Suggestion.objects.values_list("rule_version__number", "subject")
    assert {(number, party in few) for number, party in opened} == {(1, False), (2, True)}


def test_extended_to_all_it_answers_for_all() -> None:
    rule = make_rule()
    licences(20)
    scan(before(90))
    version = begin(rule, WRONG, 20, BEGINS)
    scan(BEGINS)
    assert waiting()
    RuleVersion.objects.filter(pk=version.pk).update(audience_percent=100)

    scan(before(79))

    assert not waiting()


def test_versions_within_versions_have_their_parts() -> None:
    rule = make_rule()
    licences(60)
    begin(rule, LICENCE, 50, before(85))
    begin(rule, LICENCE, 10, BEGINS)

    scan(BEGINS)

    opened = Suggestion.objects.values_list("rule_version__number", "subject")
    assert set(opened) == {
        (number, party)
        for number, parties in [
            (3, within(rule, 10)),
            (2, within(rule, 50, after=10)),
            (1, within(rule, 100, after=50)),
        ]
        for party in parties
    }


def test_where_no_version_stands_behind_it_answers_for_all_that_waits() -> None:
    rule = make_rule()
    licences(20)
    scan(before(90))
    begin(rule, LICENCE, 20, BEGINS)
    rule.versions.filter(number=1).update(valid=(None, BEGINS - timedelta(days=1)))

    (version,) = serving_rules(day=BEGINS)

    assert version.number == 2
    assert set(waiting_of(ScannedRule.of(version), None).values_list("subject", flat=True)) == (
        waiting()
    )


def test_without_a_share_there_is_no_statement_more() -> None:
    rule = make_rule()
    begin(rule, LICENCE, 100, BEGINS)

    with CaptureQueriesContext(connection) as all_serve:
        assert [version.number for version in serving_rules(day=BEGINS)] == [2]
    rule.versions.filter(number=2).update(audience_percent=1)
    with CaptureQueriesContext(connection) as shared:
        assert [version.number for version in serving_rules(day=BEGINS)] == [2, 1]

    assert len(shared) == len(all_serve) + 1


def test_news_is_read_by_the_version_that_serves_the_person() -> None:
    rule = make_rule()
    begin(rule, WRONG, 50, BEGINS)
    papers = licences(12)
    for paper in papers:
        FactChange.objects.create(kind="credential", object_id=paper.pk, subject_id=paper.holder_id)

    scan_changes(now=datetime.combine(BEGINS, time(9), CIVIL_ZONE).astimezone(UTC))

    assert waiting() == {paper.holder_id for paper in papers} - within(rule, 50)


def test_a_stop_takes_back_what_every_version_has_waiting() -> None:
    rule = make_rule()
    licences(10)
    scan(before(90))
    begin(rule, LICENCE, 10, BEGINS)
    scan(BEGINS)

    official = UserFactory(of_official=True)
    now = datetime.combine(BEGINS, time(9), CIVIL_ZONE)
    stopped = stop_rule(rule=rule, by=official, reason="Sai ngày", now=now)

    assert stopped == 10
    assert not waiting()


def test_a_calendar_promises_only_what_a_version_prepares_for_the_person() -> None:
    rule = make_rule()
    version = rule.versions.get()
    RuleVersion.objects.filter(pk=version.pk).update(audience_percent=50)
    holders = [paper.holder for paper in licences(12)]

    dates = coming_dates(parties=holders, waiting=(), day=BEGINS, until=DUE)

    promised = {one.party for one in dates if one.definition is not None}
    assert promised == {holder.pk for holder in holders} & within(rule, 50)
    assert {one.party for one in dates} == {holder.pk for holder in holders}


def test_a_calendar_knows_the_version_before_as_well() -> None:
    rule = make_rule()
    begin(rule, WRONG, 50, BEGINS)
    holders = [paper.holder for paper in licences(12)]

    dates = coming_dates(parties=holders, waiting=(), day=BEGINS, until=DUE)

    promised = {one.party for one in dates if one.definition is not None}
    assert promised == {holder.pk for holder in holders} - within(rule, 50)
