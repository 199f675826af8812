"""A rule that was let go on is scanned at once, not only in the coming night."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from portal.common import clock
from procedures.detection import runs
from procedures.enums import RunState, ScanKind
from procedures.models import Rule, ScanRun, ScanRunRule
from procedures.services.scan import scan_day


def ask_for_scan(*, rule: Rule, now: datetime) -> None:
    """Leave word, in the running transaction, that a rule is to be scanned for today by itself.

    The word is a run of this rule alone that nobody has taken yet. Where one has run today it waits
    anew; a process that is at it loses its lease and the next one begins again.
    """
    key = {"kind": ScanKind.NIGHTLY, "on_date": clock.civil_date(now), "scope": rule.key}
    run, is_new = ScanRun.objects.get_or_create(**key)
    if not is_new:
        ScanRunRule.objects.filter(run=run).update(finished_at=None, cursor=None)
        ScanRun.objects.filter(pk=run.pk).update(
            state=RunState.RUNNING,
            lease_until=None,
            finished_at=None,
            resumed_count=F("resumed_count") + 1,
        )


def scan_resumed(*, now: datetime) -> int:
    """Scan the rules that wait for it and return how many there were.

    For the civil date of `now`, whenever they were asked for: a scan of an earlier date says
    nothing that today's does not. A rule that fails is left to the night.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    waiting = ScanRun.objects.filter(free, kind=ScanKind.NIGHTLY, state=RunState.RUNNING)
    today, count = clock.civil_date(now), 0
    for run in waiting.exclude(scope="").order_by("pk"):
        scan_day(on_date=today, rule_key=run.scope)
        if run.on_date < today:
            runs.finish_run(run, is_clean=True, now=now)
        count += 1
    return count
