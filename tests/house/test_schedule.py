from __future__ import annotations

from datetime import timedelta

import pytest
from celery.schedules import crontab

from portal.celery import app
from portal.schedule import TABLE, Entry, beat_schedule


@pytest.fixture(scope="module")
def registered() -> set[str]:
    app.loader.import_default_modules()
    return set(app.tasks)


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: f"{entry.task} {entry.why[:12]}")
def test_every_entry_names_a_task_and_says_why(entry: Entry, registered: set[str]) -> None:
    assert entry.task in registered
    assert entry.why.endswith(".")
    assert isinstance(entry.when, timedelta | crontab)
    assert entry.longest_silence >= timedelta(minutes=1)


def test_no_line_of_the_table_hides_another() -> None:
    assert len(beat_schedule()) == len(TABLE)


def test_no_task_of_ours_is_forgotten_by_the_table(registered: set[str]) -> None:
    """A bell that nobody rings is dead code; those that pages ring are listed here."""
    rung_by_pages: set[str] = set()
    ours = {name for name in registered if not name.startswith("celery.")}

    assert ours == {entry.task for entry in TABLE} | rung_by_pages


def test_the_broker_hands_no_running_task_out_again(registered: set[str]) -> None:
    limits = [app.tasks[name].time_limit or app.conf.task_time_limit for name in registered]

    assert max(limits) < app.conf.broker_transport_options["visibility_timeout"]
