"""How long each step at a counter takes: of one visit, and in the middle of many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from citizens.models import Agency
from dossiers.enums import CounterStage
from dossiers.models import CounterStep, CounterVisit


@dataclass(frozen=True)
class Lap:
    """One step of a visit: how many seconds it took, so far where it still runs."""

    stage: CounterStage
    seconds: int
    is_running: bool


def laps_of(*, visit: CounterVisit, now: datetime) -> list[Lap]:
    """Return the steps of a visit in their order; a step gone back to counts once, summed up."""
    laps: dict[CounterStage, Lap] = {}
    for step in visit.steps.all():
        stage = CounterStage(step.step)
        before = laps[stage].seconds if stage in laps else 0
        seconds = before + _seconds(step, now)
        laps[stage] = Lap(stage, seconds, step.ended_at is None)
    return [laps[stage] for stage in CounterStage if stage in laps]


@dataclass(frozen=True)
class Median:
    """The middle of what a step took in `count` visits; `stage` None is the whole visit."""

    stage: CounterStage | None
    count: int
    seconds: int


def medians(*, agency: Agency, since: datetime) -> list[Median]:
    """Return the medians of the visits of an agency that ended with a dossier since `since`.

    A step that a visit did not need is not counted for it; the whole visit comes last.
    """
    visits = CounterVisit.objects.filter(
        agency=agency, dossier__isnull=False, ended_at__gte=since
    ).prefetch_related("steps")
    taken: dict[CounterStage | None, list[int]] = {stage: [] for stage in CounterStage}
    taken[None] = []
    for visit in visits:
        for lap in laps_of(visit=visit, now=visit.ended_at or visit.opened_at):
            taken[lap.stage].append(lap.seconds)
        taken[None].append(round(((visit.ended_at or since) - visit.opened_at).total_seconds()))
    return [
        Median(stage, len(seconds), round(median(seconds)))
        for stage, seconds in taken.items()
        if seconds
    ]


def minutes_told(seconds: int) -> str:
    """Return 95 seconds as "1:35"."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def _seconds(step: CounterStep, now: datetime) -> int:
    taken: timedelta = (step.ended_at or now) - step.began_at
    return max(round(taken.total_seconds()), 0)
