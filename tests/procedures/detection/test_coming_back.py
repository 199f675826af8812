"""What was taken back before anybody heard it is said after all when its suggestion comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from citizens.models import Citizen, Credential, FactChange
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services import withdraw_deceased
from portal.common.clock import CIVIL_ZONE
from procedures.models import Recipient, Rule, Suggestion
from procedures.services.scan_changes import scan_changes
from tests.factories.citizens import AuthorityFactory, CitizenFactory, CredentialFactory
from tests.procedures.detection.scene import (
    DUE,
    LICENCE,
    before,
    everything,
    make_rule,
    scan,
    states,
    told,
)

pytestmark = pytest.mark.django_db
QUEUED, WITHDRAWN = MessageState.QUEUED, MessageState.WITHDRAWN


def licence(**values: Any) -> Credential:
    holder = CitizenFactory(birth_date=date(1986, 5, 5))
    asked: dict[str, Any] = {"holder": holder, "expires_on": DUE, "issued_on": date(2017, 3, 1)}
    made: Credential = CredentialFactory(**asked | values)
    return made


def stopped(day: date) -> None:
    Rule.objects.update(is_active=False)
    scan(day)
    Rule.objects.update(is_active=True)


def messages() -> list[tuple[int, str]]:
    return [(m.params["days"], m.state) for m in Message.objects.order_by("pk")]


@pytest.mark.parametrize("lead_days", [[90, 60, 30, 7, 1], [90]])
def test_a_rule_that_goes_on_says_what_waited_when_it_was_stopped(lead_days: list[int]) -> None:
    make_rule(LICENCE | {"lead_days": lead_days})
    licence()
    scan(before(90))
    stopped(before(90))
    assert messages() == [(90, WITHDRAWN)]

    scan(before(89))
    stood = everything()
    scan(before(89))

    assert states() == ["open"]
    assert messages() == [(90, QUEUED)]
    assert Message.objects.get().reason == ""
    assert everything() == stood


@pytest.mark.parametrize(
    "left",
    [{"state": MessageState.SENT, "attempt": 1}, {"attempt": 1}],
    ids=["it was sent", "it was tried"],
)
def test_what_may_have_left_is_not_said_again(left: dict[str, Any]) -> None:
    make_rule()
    licence()
    scan(before(90))
    Message.objects.update(**left)
    stopped(before(90))
    stood = messages()

    scan(before(89))

    assert states() == ["open"]
    assert messages() == stood


def test_a_later_stage_that_has_come_is_told_instead() -> None:
    make_rule()
    licence()
    scan(before(90))
    stopped(before(89))

    scan(before(60))

    assert messages() == [(90, WITHDRAWN), (60, QUEUED)]


def test_only_the_last_of_several_is_said() -> None:
    make_rule()
    licence()
    scan(before(90))
    stopped(before(89))
    scan(before(60))
    stopped(before(59))

    scan(before(58))

    assert messages() == [(90, WITHDRAWN), (60, QUEUED)]


def test_one_with_the_old_date_stays_where_it_is() -> None:
    make_rule()
    paper = licence()
    scan(before(90))
    stopped(before(89))
    Credential.objects.filter(pk=paper.pk).update(expires_on=DUE + timedelta(days=1))

    scan(before(88))

    assert states() == ["open"]
    assert Suggestion.objects.get().due_on == DUE + timedelta(days=1)
    assert messages() == [(90, WITHDRAWN)]


def test_who_dismissed_it_hears_no_more_of_it() -> None:
    make_rule()
    child = licence(holder=CitizenFactory(birth_date=date(2015, 5, 5))).holder
    mother, father = (CitizenFactory(birth_date=date(1986, 5, 5)) for _ in range(2))
    for parent in (mother, father):
        AuthorityFactory(actor=parent, for_party=child)
    scan(before(90))
    Recipient.objects.filter(citizen=father).update(state="dismissed")
    stopped(before(89))

    scan(before(88))

    assert Message.objects.get(recipient=mother.pk).state == QUEUED
    assert Message.objects.get(recipient=father.pk).state == WITHDRAWN


def by_night(paper: Credential, day: date) -> None:
    scan(day)


def by_news(paper: Credential, day: date) -> None:
    FactChange.objects.create(kind="citizen", object_id=paper.holder_id, subject_id=paper.holder_id)
    scan_changes(now=datetime.combine(day, time(9), CIVIL_ZONE).astimezone(UTC))


@pytest.mark.parametrize("looked", [by_night, by_news])
def test_a_death_told_by_mistake_costs_nobody_a_message(
    looked: Callable[[Credential, date], None],
) -> None:
    make_rule()
    paper = licence()
    holder = Citizen.objects.filter(pk=paper.holder_id)
    scan(before(90))
    holder.update(died_on=before(90))
    withdraw_deceased(parties=[paper.holder_id])
    looked(paper, before(90))
    assert (states(), messages()) == (["withdrawn"], [(90, WITHDRAWN)])

    holder.update(died_on=None)
    looked(paper, before(89))

    assert (states(), messages()) == (["open"], [(90, QUEUED)])
    assert told(paper.holder) == [(90, 1)]
