"""What officials did to a rule takes effect at once, not only in the coming night.

A rule that was let go on, released or extended is scanned; of one that was stopped the rest is
withdrawn.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

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
    key: dict[str, Any] = {
        "kind": ScanKind.NIGHTLY,
        "on_date": clock.civil_date(now),
        "scope": rule.key,
    }
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
    nothing that today's does not. A rule that fails is left to the night, but a stop is tried again
    until all is withdrawn.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    waiting = ScanRun.objects.filter(free, kind=ScanKind.NIGHTLY, state=RunState.RUNNING)
    today, count = clock.civil_date(now), 0
    for run in waiting.exclude(scope="").order_by("pk"):
        result = scan_day(on_date=today, rule_key=run.scope)
        if run.on_date < today:
            runs.finish_run(run, is_clean=True, now=now)
        if result.has_failed:
            _ask_again_where_stopped(run.scope, now)
        count += 1
    return count


def _ask_again_where_stopped(key: str, now: datetime) -> None:
    for rule in Rule.objects.filter(key=key, is_active=False):
        ask_for_scan(rule=rule, now=now)
