"""The first run of a rule, cut into slices: nobody is told twice, a crash loses nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from citizens.enums import AuthorityBasis
from citizens.models import Citizen
from notifications.models import Message
from portal.common import clock
from procedures.detection.runs import LEASE
from procedures.models import Suggestion
from procedures.services.scan import scan_day
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    CredentialFactory,
    OrganisationFactory,
)
from tests.procedures.detection.scene import (
    BADGE,
    DUE,
    before,
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
