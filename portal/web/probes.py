"""What tells whether the portal can do its work; /readyz and `manage.py doctor` ask the same.

Each probe answers in one line and says what to do. None raises: what cannot be asked is a failure
with its reason.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from citizens.registers import vault
from citizens.registers.session import held_registers
from citizens.selectors.batches import begun_batches, due_batches, held_batches, is_without_file
from citizens.selectors.seals import oldest_unsealed_at
from citizens.services.compare_log_root import compare_log_root
from citizens.services.seal_views import UNSEALED_WINDOW
from dossiers.documents import scanner
from dossiers.selectors.papers import oldest_unscanned_at
from notifications.selectors import oldest_due_at, zalo_standing
from portal.common import clock
from portal.common.db_roles import APP_ROLE, CITIZEN_ROLE
from portal.common.models import Bell
from portal.web.paper_probes import papers_to_make, seal_of_papers
from procedures.enums import RunState, ScanKind
from procedures.models import ScanRun

LONGEST_WAIT = timedelta(minutes=15)  # of a due message, before somebody should look
LONGEST_QUEUE = timedelta(hours=2)  # of a delivery behind others, before somebody should look
LONGEST_SILENCE = timedelta(hours=26)  # between two finished scans
MOST_CLOCK_DIFFERENCE = timedelta(seconds=5)


@dataclass(frozen=True)
class Finding:
    """What one probe saw. `advice` is empty where all is well."""

    name: str
    is_well: bool
    seen: str
    advice: str = ""


@dataclass(frozen=True)
class Probe:
    """One question; `essential` ones decide whether /readyz answers 200."""

    name: str
    ask: Callable[[], tuple[bool, str]]
    advice: str
    essential: bool = False


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_user")
        version, user = cursor.fetchone()
    return version >= 150000, f"PostgreSQL {version // 10000}, as {user}"


def _role() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, has_table_privilege('citizens_accesslog', 'UPDATE'),"
            " EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s"
            " AND pg_has_role(oid, 'MEMBER'))",
            {"role": CITIZEN_ROLE},
        )
        user, may_alter, may_step_down = cursor.fetchone()
    alters, steps = ("can" if may else "cannot" for may in (may_alter, may_step_down))
    return (
        user == APP_ROLE and not may_alter and may_step_down,
        f"{user}, {alters} alter the log, {steps} step down for citizens' pages",
    )


def _tables() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not pending, f"{len(pending)} migrations pending" if pending else "up to date"


def _clock() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    difference = abs(theirs - clock.now())
    return difference <= MOST_CLOCK_DIFFERENCE, f"{difference.total_seconds():.1f} s apart"


def _broker() -> tuple[bool, str]:
    started = time.perf_counter()
    caches["fast"].get("doctor")
    return True, f"answers in {1000 * (time.perf_counter() - started):.1f} ms"


def _outbox() -> tuple[bool, str]:
    now = clock.now()
    since = oldest_due_at(now)
    if since is None:
        return True, "nothing is due"
    waiting = now - since
    return waiting <= LONGEST_WAIT, f"the oldest due message waits {_minutes(waiting)}"


def _zalo() -> tuple[bool, str]:
    standing = zalo_standing()
    if standing is None:
        return True, "not used"
    if standing.is_locked_out:
        return False, "Zalo refused the refresh token"
    seen = f"{standing.approved_count} of {standing.topic_count} topics have an approved template"
    refused = f", {standing.refused_count} were refused" if standing.refused_count else ""
    return not standing.refused_count, seen + refused


def _scan() -> tuple[bool, str]:
    last = (
        ScanRun.objects.filter(kind=ScanKind.NIGHTLY, state=RunState.FINISHED)
        .order_by("-finished_at")
        .first()
    )
    if last is None or last.finished_at is None:
        return False, "no scan has finished yet"
    silence = clock.now() - last.finished_at
    return silence <= LONGEST_SILENCE, f"for {last.on_date:%d/%m/%Y}, {_minutes(silence)} ago"


def _beat() -> tuple[bool, str]:
    now = clock.now()
    if silent := Bell.objects.silent(now):
        told = (f"{bell.task} since {_minutes(now - bell.expected_by)}" for bell in silent)
        return False, "overdue: " + ", ".join(told)
    is_started = Bell.objects.exists()
    return is_started, "every task rang in time" if is_started else "beat was never started"


def _seals() -> tuple[bool, str]:
    since = oldest_unsealed_at()
    if since is None:
        return True, "every view of personal data is sealed"
    waiting = clock.now() - since
    seconds = max(waiting.total_seconds(), 0)
    return waiting <= UNSEALED_WINDOW, f"the oldest view waits for its seal for {seconds:.0f} s"


def _log_root() -> tuple[bool, str]:
    return compare_log_root(now=clock.now())


def _deliveries() -> tuple[bool, str]:
    """Look whether deliveries can be stored, and how long the oldest waits for its turn."""
    is_open = os.access(vault.folder(), os.W_OK)
    since = due_batches().order_by("received_at").values_list("received_at", flat=True).first()
    waiting = clock.now() - since if since else timedelta()
    seen = f"the oldest waits {_minutes(waiting)}" if since else "none waits for its turn"
    if held := held_batches().count():
        seen += f", {held} for a person's word"
    return is_open and waiting <= LONGEST_QUEUE, seen if is_open else "cannot be stored"


def _interrupted() -> tuple[bool, str]:
    """Count the imports that were begun and that nobody carries on at this moment.

    The worker goes on with what has a stored file; the rest was a command's, which died.
    """
    idle = list(begun_batches().exclude(register__in=held_registers()).defer("header"))
    lost = sum(map(is_without_file, idle))
    return not lost, f"{len(idle)} imports begun and not at work, {lost} of them without their file"


def _uploads() -> tuple[bool, str]:
    """Look whether the virus scanner answers, and how long the oldest upload waits for it."""
    if not settings.CLAMD_URL:
        return True, "no scanner set up: uploads are taken apart and checked by their structure"
    since = oldest_unscanned_at()
    waiting = clock.now() - since if since else timedelta()
    seen = f"the oldest waits {_minutes(waiting)}" if since else "none waits for the scanner"
    if not scanner.answers():
        return False, f"the scanner does not answer, {seen}"
    return waiting <= LONGEST_QUEUE, seen


PROBES = (
    Probe(
        "database", _database, "start PostgreSQL 15 or newer; look at DATABASE_URL", essential=True
    ),
    Probe("rights", _role, "run migrate as the owner (MIGRATE_DATABASE_URL)"),
    Probe("tables", _tables, "manage.py migrate", essential=True),
    Probe("clocks", _clock, "let chrony or systemd-timesyncd run on both machines"),
    Probe(
        "broker", _broker, "start Redis or Valkey; look at REDIS_URL (nothing is lost meanwhile)"
    ),
    Probe(
        "outbox", _outbox, "is `manage.py dispatch` running? its log names what the gateway says"
    ),
    Probe("zalo", _zalo, "a new refresh= in ZALO_URL, or the page of Zalo templates at the desk"),
    Probe("beat", _beat, "are worker and beat running? the worker's log says why a task fails"),
    Probe("last scan", _scan, "are worker and beat running? by hand: manage.py scan"),
    Probe(
        "deliveries",
        _deliveries,
        "is the worker running, and may it write into MEDIA_ROOT/imports?",
    ),
    Probe(
        "interrupted",
        _interrupted,
        "bring the same files again, at the desk or with import_register: they are carried on",
    ),
    Probe(
        "uploads",
        _uploads,
        "start clamd; look at CLAMD_URL; until it answers nobody can open what was sent",
    ),
    Probe("seal", seal_of_papers, "set PDF_SIGNER as docs/results.md says; orders wait meanwhile"),
    Probe(
        "papers",
        papers_to_make,
        "are worker and beat running? what cannot be made says why at the desk, under its dossier",
    ),
    Probe("log seals", _seals, "are worker and beat running? the next ring seals what waits"),
    Probe(
        "log root", _log_root, "look at the folder LOG_ROOT, its disk and rights; then verify_log"
    ),
)


def findings(probes: tuple[Probe, ...] = PROBES) -> list[Finding]:
    """Ask every probe in order."""
    return [_ask(probe) for probe in probes]


def _ask(probe: Probe) -> Finding:
    try:
        is_well, seen = probe.ask()
    except (DatabaseError, RedisError, OSError) as error:
        # The first line only, and never a statement with its parameters.
        is_well, seen = False, type(error).__name__
    return Finding(probe.name, is_well, seen, "" if is_well else probe.advice)


def _minutes(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def readiness() -> tuple[bool, dict[str, Any]]:
    """Return whether the portal can serve, and what each probe saw, for /readyz."""
    seen = findings()
    essential = {probe.name for probe in PROBES if probe.essential}
    ready = all(finding.is_well for finding in seen if finding.name in essential)
    return ready, {
        "status": "ok" if ready else "unavailable",
        "checks": {finding.name: _public(finding) for finding in seen},
    }


def _public(finding: Finding) -> dict[str, Any]:
    """Leave out what only helps an intruder: versions, roles, kinds of errors."""
    told = {"seen": finding.seen} if finding.name in {"outbox", "last scan"} else {}
    return {"ok": finding.is_well, **told}
