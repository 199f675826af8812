"""The log of views: is every tampering found and placed, and what does the log cost a request?"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client, override_settings
from django.urls import reverse

from benchmarks.measures import Report, suite, timed
from benchmarks.tampering import WAYS, fill_log, seeded, tampered
from citizens.enums import AgencyLevel, UserKind
from citizens.models import AccessLog, Agency, AgencyKind, Citizen, Official, Unit, User
from citizens.services import record_access
from citizens.services.verify_log import Verdict, verify_log
from portal.common import clock
from portal.office import access

TAMPERINGS = 500
ROWS, SEALS = 3_000, 200
REPETITIONS = 200  # of each page, with the log and without
_WARM_UP = 5
_PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


# ------------------------------------------------------------------------------ tampering
@suite("log: tampering", is_long=True)
def tampering_suite(report: Report, _citizens: int) -> None:
    """Five hundred ways to falsify the sealed log, each found and its place named first."""
    with _own_log_root():
        tamper(report, tamperings=TAMPERINGS, rows=ROWS, seals=SEALS)


def tamper(report: Report, *, tamperings: int, rows: int, seals: int) -> None:
    """Fill the log, falsify it again and again, and report how often `verify_log` was right."""
    random = seeded(2026)
    _empty_log()
    fill_log(rows=rows, seals=seals, random=random)
    report.add("log: rows verified", rows / timed(_verdict), "rows/s")
    found = placed = 0
    for number in range(tamperings):
        is_found, is_placed = _one_tampering(number, random)
        found, placed = found + is_found, placed + is_placed
    name = f"log: of {tamperings} tamperings in {len(WAYS)} ways"
    report.add(f"{name}, found", found, "", at_least=tamperings)
    report.add(f"{name}, placed right", placed, "", at_least=tamperings)
    report.add("log: false alarms afterwards", len(_verdict().findings), "", at_most=0)
    _empty_log()


def _one_tampering(number: int, random: Random) -> tuple[bool, bool]:
    way = list(WAYS.values())[number % len(WAYS)]
    place, verdict = tampered(way, random, _verdict)
    first = next(iter(verdict.findings), None)
    return first is not None, first is not None and place.is_named_by(first)


def _verdict() -> Verdict:
    return verify_log(now=clock.now())


def _empty_log() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE citizens_accesslog, citizens_unsealed, citizens_seal")


@contextmanager
def _own_log_root() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, override_settings(LOG_ROOT=folder):
        yield


# ------------------------------------------------------------------------------ cost
@suite("log: cost", is_long=True)
def cost_suite(report: Report, _citizens: int) -> None:
    """Pages of the desk with their row in the log and without it, in turns."""
    flush = _flush_seconds()
    with _desk() as client:
        for name, address in _pages().items():
            _compare(report, name, partial(client.get, address), flush)
    report.add("log: a flush to this machine's disk", flush * 1000, "ms")
    _empty_log()


def _pages() -> dict[str, str]:
    """Return pages with one person, and with fifty."""
    person = Citizen.objects.alive().earliest("pk")
    return {
        "a list of people": reverse("admin:citizens_citizen_changelist"),
        "one person": reverse("admin:citizens_citizen_change", args=[person.pk]),
    }


def _compare(
    report: Report, name: str, look: Callable[[], object], flush: float, times: int = REPETITIONS
) -> None:
    """Report how much longer a page takes with its row, and with a commit that reaches the disk.

    The ratio compares the quicker quarter of both arms: on a busy machine the middle tells of its
    other work. The time inside `record_access` tells the same without that noise. This server does
    not flush (benchmarks.run says why); where one does, the row's commit waits for a flush, which
    the last figure adds. Requests at the same time share one.
    """
    with_row, without, inside = _in_turns(look, times)
    report.add(f"log: {name} without its row", without * 1000, "ms")
    report.add(f"log: {name}, longer with it", (with_row / without - 1) * 100, "%", at_most=5)
    report.add(f"log: {name}, writing it", inside / without * 100, "%", at_most=5)
    note = f"a flush takes {flush * 1000:.1f} ms here"
    flushed = (inside + flush) / without * 100
    report.add(f"log: {name}, writing and flushing it", flushed, "%", note=note)


def _in_turns(look: Callable[[], object], times: int) -> tuple[float, float, float]:
    """Return seconds with the log, without it, and inside it: the quicker quarter of many turns."""
    before = AccessLog.objects.count()
    for _ in range(_WARM_UP):
        look()
    if AccessLog.objects.count() != before + _WARM_UP:
        raise RuntimeError("The page shows nobody: there is nothing to compare.")
    with_row: list[float] = []
    without: list[float] = []
    inside: list[float] = []
    for number in range(times):
        # Who goes first changes, so that neither arm is always the one after a pause.
        for is_logged in (number % 2 == 0, number % 2 == 1):
            if is_logged:
                with_row.append(timed(look))
            else:
                without.append(_timed_without_log(look))
        inside.append(_timed_inside_log(look))
    return _quick(with_row), _quick(without), _quick(inside)


def _quick(seconds: list[float]) -> float:
    return quantiles(seconds, n=4)[0]


def _timed_inside_log(look: Callable[[], object]) -> float:
    """Return the seconds that one look spends on writing its row."""
    spent: list[float] = []
    write = record_access

    def watched(**view: Any) -> None:
        spent.append(timed(partial(write, **view)))

    with patch.object(access, "record_access", watched):
        look()
    return sum(spent)


def _timed_without_log(look: Callable[[], object]) -> float:
    """Return the seconds of a look that leaves no row, which nothing but a benchmark may want."""
    with patch.object(access, "record_access", _no_row):
        return timed(look)


def _no_row(**_view: object) -> None:
    """Stand for `record_access` and write nothing."""


def _flush_seconds(times: int = 50) -> float:
    """Return the median seconds until a page of eight kilobytes is on this machine's disk."""
    taken = []
    with tempfile.NamedTemporaryFile(dir=Path.cwd()) as file:
        for _ in range(times):
            started = time.perf_counter()
            file.write(bytes(8192))
            file.flush()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    return median(taken)


@contextmanager
def _desk() -> Iterator[Client]:
    """Yield a browser in which an official who may see everybody has signed in."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": _PLAIN_FILES}}
    hosts = [*settings.ALLOWED_HOSTS, "testserver"]
    with override_settings(STORAGES=storages, ALLOWED_HOSTS=hosts, OFFICE_REQUIRES_MFA=False):
        client = Client()
        client.force_login(_official(), backend="django.contrib.auth.backends.ModelBackend")
        yield client


def _official() -> User:
    """Return the first administrator, who sees everybody, with a post in an office."""
    user, _ = User.objects.get_or_create(
        username="quan-tri-mau",
        defaults={"kind": UserKind.OFFICIAL, "display_name": "Quản trị", "is_superuser": True},
    )
    always = DateRange(None, None)
    kind, _ = AgencyKind.objects.get_or_create(
        key="bench", defaults={"name_vi": "Cơ quan mẫu", "level": AgencyLevel.PROVINCE}
    )
    place = {"kind": kind, "unit": Unit.objects.earliest("pk"), "valid": always}
    agency, _ = Agency.objects.get_or_create(
        code="H17.bench", defaults={"name_vi": "Cơ quan mẫu", **place}
    )
    post = {"agency": agency, "position": "Chuyên viên", "employed": always}
    Official.objects.get_or_create(user=user, defaults=post)
    return user
