"""A rehearsal that officials can look at afterwards: asked for, carried out, its figures stored."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.core.cache import caches
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from citizens.models import User
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.definition import RuleDefinition
from procedures.detection.runs import describe
from procedures.enums import RunState
from procedures.models import RehearsalRun, RuleVersion
from procedures.selectors.rehearsals import definition_digest, progress_key
from procedures.services.rehearse import Rehearsal, compare, rehearse, version_beside

LONGEST = timedelta(days=2 * 366)
_LEASE = timedelta(minutes=15)
_MOST_ATTEMPTS = 3
_REMEMBERED = 120  # seconds


class DraftChangedError(Exception):
    """The draft is no longer the one that was to be rehearsed."""


class WorkerLostError(Exception):
    """Each process that took the rehearsal up ended before it was done."""


def ask_rehearsal(
    *, version: RuleVersion, first: date, last: date, by: User, now: datetime
) -> RehearsalRun:
    """Note that `version` is to be rehearsed from `first` to `last`; both days are included.

    RefusedError when the period ends before it begins or is longer than two years, when no scan
    looks for such facts, or when the definition is not sound (its reasons say where). While the
    same is already being rehearsed that run is returned.
    """
    _check_period(first, last)
    _check_definition(version)
    asked: dict[str, Any] = {
        "rule_version": version,
        "definition_sha256": definition_digest(version),
        "first_on": first,
        "last_on": last,
        "state": RunState.RUNNING,
    }
    running = RehearsalRun.objects.filter(**asked).first()
    return running or RehearsalRun.objects.create(**asked, asked_by=by, asked_at=now)


def carry_out_rehearsal(*, run: RehearsalRun, now: datetime) -> RehearsalRun:
    """Rehearse what was asked for and store the figures; nothing is done while another does it.

    For the whole audience, whatever share the version begins with; beside it the version in force
    on the first day. What it fails with is noted on the run, without any value of a row; so is a
    draft that was changed since it was asked for: its figures would be those of another text.
    """
    if not _claim(run, now):
        return run
    run.refresh_from_db()
    try:
        done: dict[str, Any] = {"figures": _figures(run, now), "state": RunState.FINISHED}
    except Exception as failure:
        done = {"error": describe(failure), "state": RunState.FAILED}
    _held(run).update(**done, finished_at=clock.now(), lease_until=None)
    run.refresh_from_db()
    return run


def carry_out_waiting(*, now: datetime) -> int:
    """Carry out every rehearsal that waits, oldest first, and return how many were.

    One that ended three processes before it was done is not taken up again: it has failed.
    """
    waiting = RehearsalRun.objects.filter(_free(now), state=RunState.RUNNING)
    waiting.filter(attempt__gte=_MOST_ATTEMPTS).update(
        state=RunState.FAILED, error=WorkerLostError.__name__, finished_at=now, lease_until=None
    )
    runs = list(waiting.order_by("pk"))
    for run in runs:
        carry_out_rehearsal(run=run, now=now)
    return len(runs)


def _check_period(first: date, last: date) -> None:
    if last < first:
        raise RefusedError(_("The period ends before it begins."))
    if last - first > LONGEST:
        raise RefusedError(_("A rehearsal spans two years at most."))


def _check_definition(version: RuleVersion) -> None:
    if not RuleDefinition.from_json(version.definition).is_scanned:
        raise RefusedError(_("No scan looks for such wishes, so there is nothing to rehearse."))


def _free(now: datetime) -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lt=now)


def _claim(run: RehearsalRun, now: datetime) -> bool:
    free = RehearsalRun.objects.filter(_free(now), pk=run.pk, state=RunState.RUNNING)
    return bool(free.update(lease_until=now + _LEASE, attempt=F("attempt") + 1))


def _held(run: RehearsalRun) -> QuerySet[RehearsalRun]:
    """Return the run as long as no other process has taken it up since."""
    held = RehearsalRun.objects.filter(pk=run.pk, attempt=run.attempt, state=RunState.RUNNING)
    return held.order_by()


def _figures(run: RehearsalRun, now: datetime) -> dict[str, Any]:
    version = RuleVersion.objects.select_related("rule").get(pk=run.rule_version_id)
    if definition_digest(version) != run.definition_sha256:
        raise DraftChangedError
    found = _rehearsed(run, version, now)
    beside = version_beside(version, run.first_on)
    if beside is None:
        return _as_json(found) | {"beside": None}
    both = compare(draft=found, other=_rehearsed(run, beside, now))
    told = {"number": beside.number, "both": both.both, "gained": both.gained, "lost": both.lost}
    return _as_json(found) | {"beside": told}


def _rehearsed(run: RehearsalRun, version: RuleVersion, now: datetime) -> Rehearsal:
    version.audience_percent = 100  # of this copy, which nobody saves
    key = progress_key(run.pk)

    def tell(done: int, of: int) -> None:
        _held(run).update(lease_until=clock.now() + _LEASE)
        with suppress(RedisError):
            caches["fast"].set(key, (done, of), _REMEMBERED)

    return rehearse(version=version, first=run.first_on, last=run.last_on, now=now, progress=tell)


def _as_json(found: Rehearsal) -> dict[str, Any]:
    places = found.weeks.keys() | found.told.keys()
    return {
        "answers": {str(answer): count for answer, count in found.answers.items()},
        "matters": found.matters,
        "untold": found.untold,
        "missed": {str(reason): count for reason, count in found.missed.items()},
        "messages": {str(stage): count for stage, count in found.messages.items()},
        "channels": dict(found.channels),
        "days_early": {str(days): count for days, count in found.days_early.items()},
        "lines": [
            (monday.isoformat(), unit, found.weeks[monday, unit], found.told[monday, unit])
            for monday, unit in sorted(places, key=lambda place: (place[0], place[1] or 0))
        ],
        "reasons": found.reasons,
        "not_reached": found.not_reached,
        "parts_a_message": found.parts_a_message,
        "sms_parts": found.sms_parts,
        "cost_vnd": found.cost_vnd,
    }
