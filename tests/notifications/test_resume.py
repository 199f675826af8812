"""Codes to a number that an answer took off, asked for and tried by many at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import connections

from citizens.models import ContactPoint
from notifications.models import Message, NumberCode
from notifications.services.resume import (
    ASKED_A_DAY,
    MOST_TRIES,
    ask_number_code,
    resume_number,
)
from notifications.tasks import forget_number_codes
from portal.common import clock
from portal.common.errors import RefusedError
from tests.factories.citizens import CitizenFactory, ContactPointFactory
from tests.shelf import put_texts

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER, AT_ONCE = "+84505000009", 20


def all_at_once(*works: Callable[[], object]) -> None:
    """Do all of it at the same moment, each on a connection of its own."""
    together = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> None:
        try:
            together.wait(20)
            with suppress(RefusedError):
                work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture
def points(transactional_db: None) -> list[ContactPoint]:
    """One number that two people have given and whose holder wants nothing more."""
    put_texts()
    facts = {"value": NUMBER, "verified_at": None, "refused_at": clock.now()}
    return [ContactPointFactory(party=CitizenFactory().party, **facts) for _ in range(2)]


def test_a_number_gets_three_codes_a_day_however_many_ask_at_once(
    points: list[ContactPoint],
) -> None:
    asks = [
        partial(ask_number_code, party=p.party, public_id=p.public_id, now=clock.now())
        for p in points * (AT_ONCE // 2)
        if p.party is not None
    ]

    all_at_once(*asks)

    assert NumberCode.objects.count() == ASKED_A_DAY
    assert Message.objects.filter(topic="number_code").count() == ASKED_A_DAY


def test_five_codes_are_tried_however_many_try_at_once(points: list[ContactPoint]) -> None:
    point = points[0]
    assert point.party is not None
    ask_number_code(party=point.party, public_id=point.public_id, now=clock.now())
    tries = [
        partial(
            resume_number,
            party=point.party,
            public_id=point.public_id,
            code="no code",
            now=clock.now(),
        )
        for _ in range(AT_ONCE)
    ]

    all_at_once(*tries)

    assert NumberCode.objects.get().try_count == MOST_TRIES
    point.refresh_from_db()
    assert point.verified_at is None


def test_a_code_is_forgotten_when_it_no_longer_counts_in_its_day(
    points: list[ContactPoint],
) -> None:
    asked_at, (old, later) = clock.now(), points
    for point, hours in ((old, 0), (later, 2)):
        assert point.party is not None
        ask_number_code(
            party=point.party,
            public_id=point.public_id,
            now=asked_at + timedelta(hours=hours),
        )

    with time_machine.travel(asked_at + timedelta(hours=25), tick=False):
        forget_number_codes()

    assert NumberCode.objects.get().contact_point == later
