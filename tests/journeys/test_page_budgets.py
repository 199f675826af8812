"""Every page of the address table has a sample, is light, and asks no more than it may."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.journeys.conftest import Home, World
from tests.journeys.sampled import browser_of, sample

pytestmark = pytest.mark.slow
MOST_BYTES, MOST_QUERIES = 120 * 1024, 12
# What opens and closes a transaction, and what steps down to the rights of a citizen, asks nothing.
ASKS_NOTHING = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK|SET|SELECT set_config)\b")


def test_every_page_has_a_sample_is_light_and_asks_little(world: World, home: Home) -> None:
    """Bytes are those before compression, so that no proxy is needed to keep the promise."""
    told = sample(world, home)
    assert told.unsampled() == set()
    faults: dict[str, str] = {}
    most: dict[str, int] = {}
    for name, samples in told.found.items():
        for user, address in samples:
            client = browser_of(user) if user else Client()
            client.get(address)  # caches of texts and the session are warm
            with CaptureQueriesContext(connection) as ran:
                answer = client.get(address)
            asked = sum(not ASKS_NOTHING.match(one["sql"].strip()) for one in ran)
            most[name] = max(asked, most.get(name, 0))
            if answer.status_code != 200:
                faults[address] = f"{answer.status_code} {answer.get('Location', '')}"
            elif len(answer.content) >= MOST_BYTES:
                faults[address] = f"{len(answer.content):,} bytes"

    assert faults == {}
    assert {name: asked for name, asked in most.items() if asked > MOST_QUERIES} == {}
