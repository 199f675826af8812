"""Outages: what several days without a scan leave behind is made up for, and told once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from citizens.enums import LifeEventKind
from citizens.models import Citizen, Credential, FactChange
from procedures.models import ScanRun, Suggestion
from procedures.services.scan_changes import scan_changes
from procedures.tasks import scan_today
from tests.factories.citizens import CitizenFactory, CredentialFactory
from tests.factories.procedures import moment
from tests.procedures.detection.scene import (
    DUE,
    before,
    catalogue_rule,
    days_told,
    event,
    everything,
    make_rule,
    scan,
    states,
)

pytestmark = pytest.mark.django_db


def licence(due_in: int = 0) -> Credential:
    return CredentialFactory(holder=CitizenFactory(), expires_on=DUE + timedelta(days=due_in))


@pytest.mark.parametrize("days", [1, 2, 9, 40])
def test_the_hourly_bell_scans_today_and_asks_nothing_of_the_days_between(days: int) -> None:
    """A window is an inequality: what was due while nobody looked is found on the first day."""
    make_rule()
    scan(before(91))
    papers = [licence(due_in=number) for number in range(0, days, max(days // 3, 1))]

    with time_machine.travel(moment(before(90 - days)), tick=False):
        scan_today()
        stood = everything()
        scan_today()

    assert everything() == stood
    assert all(len(days_told(paper.holder)) == 1 for paper in papers)
    assert ScanRun.objects.count() == 2


@pytest.mark.parametrize("silent", [1, 3, 10])
def test_follow_ups_of_days_without_a_scan_are_told_as_one(silent: int) -> None:
    catalogue_rule("birth")
    mother = CitizenFactory()
    day = before(60)
    event(LifeEventKind.BIRTH_NOTIFIED, day, mother=mother)
    scan(day + timedelta(days=3))

    scan(day + timedelta(days=14 + silent))
    scan(day + timedelta(days=15 + silent))

    assert days_told(mother) == [57, 46 - silent]


def test_news_that_waited_through_an_outage_is_read_once_and_the_night_adds_nothing() -> None:
    make_rule()
    renewed, dead, new = licence(), licence(), licence()
    Credential.objects.filter(pk=new.pk).update(status="revoked")
    scan(before(90))
    Credential.objects.filter(pk=renewed.pk).update(term=2, expires_on=DUE.replace(year=2037))
    Citizen.objects.filter(pk=dead.holder_id).update(died_on=before(85))
    Credential.objects.filter(pk=new.pk).update(status="valid")
    for paper in (renewed, new, renewed):
        FactChange.objects.create(kind="credential", object_id=paper.pk, subject_id=paper.holder_id)
    FactChange.objects.create(kind="citizen", object_id=dead.holder_id, subject_id=dead.holder_id)

    scan_changes(now=moment(before(80)))
    reasons = dict(Suggestion.objects.values_list("subject", "reason"))
    stood = set(states()), reasons
    scan(before(80))

    assert reasons == {renewed.holder_id: "renewed", dead.holder_id: "died", new.holder_id: ""}
    assert (set(states()), dict(Suggestion.objects.values_list("subject", "reason"))) == stood
    assert days_told(new.holder) == [80]


def test_a_night_that_was_missed_while_news_were_read_repeats_nothing() -> None:
    make_rule()
    paper = licence()
    FactChange.objects.create(kind="credential", object_id=paper.pk, subject_id=paper.holder_id)
    scan_changes(now=moment(before(60)))

    scan(before(58))

    assert days_told(paper.holder) == [60]
    assert states() == ["open"]
