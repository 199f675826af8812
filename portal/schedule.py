"""The one table of what happens by itself, when and why.

A bell that fails to ring costs waiting, never a fact: each task asks the tables what is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery.schedules import crontab


@dataclass(frozen=True)
class Entry:
    """One line of the table.

    `when` is an interval or a crontab in Viet Nam's time. `longest_silence` is how long nobody need
    worry when the task has not run; `doctor` and /readyz compare with it.
    """

    task: str
    when: timedelta | crontab
    why: str
    longest_silence: timedelta


TABLE: tuple[Entry, ...] = (
    Entry(
        task="procedures.scan_today",
        when=crontab(minute=0, hour=6),
        why="Suggest and remind before people start their day.",
        longest_silence=timedelta(hours=25),
    ),
    Entry(
        task="procedures.scan_today",
        when=crontab(minute=17),
        why="Catch up after an outage; a date that was scanned costs one look.",
        longest_silence=timedelta(hours=2),
    ),
    Entry(
        task="procedures.read_fact_changes",
        when=timedelta(seconds=20),
        why="A changed fact reaches its suggestions within a minute, also when nobody rang.",
        longest_silence=timedelta(minutes=5),
    ),
    Entry(
        task="procedures.scan_resumed_rules",
        when=timedelta(seconds=20),
        why="A rule that was stopped, let go on, released or extended is scanned when nobody rang.",
        longest_silence=timedelta(minutes=5),
    ),
    Entry(
        task="procedures.run_rehearsals",
        when=timedelta(seconds=20),
        why="A rehearsal that an official asked for is carried out when nobody rang.",
        longest_silence=timedelta(minutes=15),
    ),
    Entry(
        task="citizens.seal_views",
        when=timedelta(seconds=20),
        why="A look at a person is under a seal within a minute.",
        longest_silence=timedelta(minutes=2),
    ),
    Entry(
        task="citizens.run_batches",
        when=timedelta(seconds=20),
        why="A delivery of a register is imported, or carried on after a kill, when nobody rang.",
        longest_silence=timedelta(minutes=5),
    ),
    Entry(
        task="dossiers.answer_replies",
        when=timedelta(seconds=15),
        why="Who answers a message hears back within 20 seconds, also when nobody rang.",
        longest_silence=timedelta(minutes=5),
    ),
    Entry(
        task="dossiers.scan_uploads",
        when=timedelta(seconds=20),
        why="A file waits for the virus scanner no longer than it must, also when nobody rang.",
        longest_silence=timedelta(minutes=5),
    ),
    Entry(
        task="dossiers.make_forms",
        when=timedelta(seconds=20),
        why="A receipt or a signed result is there within a minute, also when nobody rang.",
        longest_silence=timedelta(minutes=5),
    ),
    Entry(
        task="dossiers.file_next_steps",
        when=timedelta(seconds=20),
        why="A child whose turn has come is filed within a minute, also when nobody rang.",
        longest_silence=timedelta(minutes=5),
    ),
    Entry(
        task="dossiers.exchange_with_partners",
        when=timedelta(seconds=20),
        why="A partner hears of a step within a minute; a clock waits where it does not answer.",
        longest_silence=timedelta(minutes=5),
    ),
    Entry(
        task="dossiers.sweep_files",
        when=crontab(minute=25, hour=3),
        why="A file whose row was rolled back does not stay on disk for more than two days.",
        longest_silence=timedelta(hours=25),
    ),
    Entry(
        task="dossiers.decide_automatically",
        when=timedelta(seconds=20),
        why="What a released version decides by itself is decided within a minute of its filing.",
        longest_silence=timedelta(minutes=5),
    ),
    Entry(
        task="dossiers.remove_drafts",
        when=crontab(minute=35, hour=3),
        why="A draft that nobody touched for 30 days goes, as its page says.",
        longest_silence=timedelta(hours=25),
    ),
    Entry(
        task="notifications.forget_number_codes",
        when=crontab(minute=37, hour=3),
        why="A code to a number that no longer counts is not kept.",
        longest_silence=timedelta(hours=25),
    ),
    Entry(
        task="citizens.forget_tries",
        when=crontab(minute=40, hour=3),
        why="A try that no longer counts and a token that opens nothing are not kept.",
        longest_silence=timedelta(hours=25),
    ),
    Entry(
        task="dossiers.sweep_uploads",
        when=crontab(minute=45, hour=3),
        why="A file that was sent and filed with nothing for 30 days goes, as its page says.",
        longest_silence=timedelta(hours=25),
    ),
    Entry(
        task="dossiers.warn_before_limits",
        when=timedelta(minutes=10),
        why="Who works on a dossier is warned before its limit, on the day that a stage begins.",
        longest_silence=timedelta(hours=2),
    ),
    Entry(
        task="reporting.count_this_week",
        when=crontab(minute=40, hour=2),
        why="Weeks are counted once, on Monday; a later day catches up after an outage.",
        longest_silence=timedelta(hours=25),
    ),
    Entry(
        task="reporting.fold_events",
        when=timedelta(seconds=20),
        why="The map shows what a dossier became within a minute.",
        longest_silence=timedelta(minutes=15),
    ),
    Entry(
        task="reporting.count_moved",
        when=crontab(minute=35, hour=1),
        why="A working day that became a holiday moves due dates without a step of anybody.",
        longest_silence=timedelta(hours=25),
    ),
    Entry(
        task="reporting.keep_figures",
        when=crontab(minute=5, hour=2),
        why="What was published of a month stays to be held against; a correction is seen.",
        longest_silence=timedelta(hours=25),
    ),
    Entry(
        task="reporting.make_reports",
        when=crontab(minute=20, hour=4),
        why="Reports of a week or month lie ready on the next morning; a later day catches up.",
        longest_silence=timedelta(hours=25),
    ),
)


def longest_silences() -> dict[str, timedelta]:
    """Return how long each task may be silent; one of several lines by the most frequent."""
    silences: dict[str, timedelta] = {}
    for entry in TABLE:
        silences[entry.task] = min(entry.longest_silence, silences.get(entry.task, timedelta.max))
    return silences


def beat_schedule() -> dict[str, dict[str, Any]]:
    """Return the table as Celery's beat wants it; a bell expires when the next one rings."""
    schedule: dict[str, dict[str, Any]] = {}
    for number, entry in enumerate(TABLE, start=1):
        options: dict[str, Any] = {}
        if isinstance(entry.when, timedelta):
            options["expires"] = entry.when.total_seconds()
        schedule[f"{number} {entry.task}"] = {
            "task": entry.task,
            "schedule": entry.when,
            "options": options,
        }
    return schedule
