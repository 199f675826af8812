"""The runs' own ledger: who scans a date, what each rule of it has done, where a crash left it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import DatabaseError
from django.db.models import Exists, F, Max, OuterRef, Q

from procedures.detection.engine import Counts
from procedures.enums import RuleAction, RunState, ScanKind
from procedures.models import RuleStep, RuleVersion, ScanRun, ScanRunRule

log = structlog.get_logger(__name__)

# After these a rule speaks to many at once, as on its first day.
_BROADENED = (RuleAction.WIDEN, RuleAction.RESUME)
# Longer than the longest transaction of one slice; the lease is renewed after each.
LEASE = timedelta(minutes=20)


def claim_run(*, on_date: date, scope: str, now: datetime) -> ScanRun | None:
    """Return the nightly run of a date for this process, None while another holds it (F6).

    A run whose holder let the lease run out is taken over and counts as resumed (F3, F7). One that
    is finished may be repeated by anybody: it needs no lease, since a repetition writes nothing.
    """
    key: dict[str, Any] = {"kind": ScanKind.NIGHTLY, "on_date": on_date, "scope": scope}
    run, is_new = ScanRun.objects.get_or_create(**key, defaults={"lease_until": now + LEASE})
    if is_new or run.state == RunState.FINISHED:
        return run
    free = Q(state=RunState.FAILED) | Q(lease_until__lt=now) | Q(lease_until__isnull=True)
    taken = ScanRun.objects.filter(free, pk=run.pk).update(
        state=RunState.RUNNING, lease_until=now + LEASE, resumed_count=F("resumed_count") + 1
    )
    return ScanRun.objects.get(pk=run.pk) if taken else None


def keeps_lease(run: ScanRun, now: datetime) -> bool:
    """Renew the lease; return False where another process has taken the run over meanwhile."""
    if run.state == RunState.FINISHED:
        return True
    mine = ScanRun.objects.filter(
        pk=run.pk, resumed_count=run.resumed_count, state=RunState.RUNNING
    )
    return bool(mine.update(lease_until=now + LEASE))


def finish_run(run: ScanRun, *, is_clean: bool, now: datetime) -> None:
    """Mark a run finished, or failed where a rule raised; repeated, it changes nothing."""
    state = RunState.FINISHED if is_clean else RunState.FAILED
    if run.state == state == RunState.FINISHED:
        return
    ScanRun.objects.filter(pk=run.pk, resumed_count=run.resumed_count).update(
        state=state, finished_at=now, lease_until=None
    )
    run.refresh_from_db()


def line_of(run: ScanRun, version: RuleVersion) -> ScanRunRule:
    """Return the line of a rule in a run, new or as it stands."""
    return ScanRunRule.objects.get_or_create(run=run, rule_version=version)[0]


def lines_of(run: ScanRun, versions: Sequence[RuleVersion]) -> dict[int, ScanRunRule]:
    """Return the lines of a run by rule version; those that are missing are made."""
    found = {line.rule_version_id: line for line in run.rules.all()}
    missing = [version for version in versions if version.pk not in found]
    lines = [ScanRunRule(run=run, rule_version=version) for version in missing]
    made = ScanRunRule.objects.bulk_create(lines) if lines else []
    return found | {line.rule_version_id: line for line in made}


def last_scanned(versions: Sequence[RuleVersion]) -> dict[int, date]:
    """Return the latest date that a nightly run has finished for each of these rule versions.

    Not those that were never scanned, or not since they were extended to all or let go on.
    """
    later = RuleStep.objects.filter(
        rule=OuterRef("rule_version__rule"), action__in=_BROADENED, at__gt=OuterRef("finished_at")
    )
    lines = ScanRunRule.objects.filter(
        ~Exists(later), rule_version__in=versions, run__kind=ScanKind.NIGHTLY
    ).exclude(finished_at=None)
    latest = lines.order_by().values("rule_version").annotate(day=Max("run__on_date"))
    return dict(latest.values_list("rule_version", "day"))


def finish_idle(lines: Sequence[ScanRunRule], now: datetime) -> None:
    """Mark lines finished for which there was nothing to do."""
    open_lines = [line.pk for line in lines if line.error or not line.finished_at]
    if open_lines:
        ScanRunRule.objects.filter(pk__in=open_lines).update(error="", finished_at=now)


def note(
    line: ScanRunRule,
    counts: Counts,
    *,
    took: timedelta,
    cursor: date | None = None,
    finished_at: datetime | None = None,
) -> None:
    """Add what was written to a rule's line; a finished line without news stays as it is."""
    if line.finished_at and not line.error and not counts:
        return
    ScanRunRule.objects.filter(pk=line.pk).update(
        opened_count=F("opened_count") + counts.opened,
        message_count=F("message_count") + counts.messages,
        reminded_count=F("reminded_count") + counts.reminded,
        retired_count=F("retired_count") + counts.retired,
        duration_ms=F("duration_ms") + round(took.total_seconds() * 1000),
        cursor=cursor,
        error="",
        finished_at=finished_at,
    )


def note_error(line: ScanRunRule, error: Exception) -> str:
    """Keep what a rule failed with, log it, and return it: without any value of a row (F46)."""
    text = describe(error)
    ScanRunRule.objects.filter(pk=line.pk).update(error=text, finished_at=None)
    # PostgreSQL's own text names values of the row at fault, so it stays out of the log.
    traceback = None if isinstance(error, DatabaseError) else error
    log.error("scan_rule_failed", rule=line.rule_version.rule.key, error=text, exc_info=traceback)
    return text


def describe(error: Exception) -> str:
    """Return the kind of an error: its class, and PostgreSQL's code and constraint."""
    parts = [type(error).__name__]
    if isinstance(error, DatabaseError) and error.__cause__ is not None:
        cause: Any = error.__cause__
        parts += [str(cause.pgcode), str(getattr(cause.diag, "constraint_name", None) or "")]
    return " ".join(part for part in parts if part and part != "None")[:200]
