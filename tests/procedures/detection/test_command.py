"""`manage.py scan`: what it prints and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from procedures.enums import RunState
from procedures.models import ScanRun, Suggestion
from tests.factories.citizens import CitizenFactory, CredentialFactory
from tests.procedures.detection.scene import DUE, LICENCE, before, everything, make_rule, release

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def licence() -> None:
    make_rule()
    holder = CitizenFactory(birth_date=date(1986, 5, 5))
    CredentialFactory(holder=holder, expires_on=DUE, issued_on=date(2017, 3, 1))


@pytest.fixture(autouse=True)
def that_morning() -> Iterator[None]:
    """Let today be the date that is scanned."""
    with time_machine.travel(f"{before(90)}T06:00:00+07:00", tick=False):
        yield


def run(*arguments: str, on: date | None = None) -> list[list[str]]:
    out = StringIO()
    call_command("scan", "--on", str(on or before(90)), *arguments, stdout=out)
    return [line.split("\t") for line in out.getvalue().splitlines()]


def test_it_prints_a_line_a_rule_and_their_sum() -> None:
    title, names, rule, total = run()

    assert title == ["scan 2026-12-01"]
    assert names == ["rule", "opened", "reminded", "messages", "retired", "ms"]
    assert rule[:5] == ["licence", "1", "0", "1", "0"]
    assert total[:5] == ["total", "1", "0", "1", "0"]


def test_a_second_time_it_prints_and_writes_nothing() -> None:
    run()
    stood = everything()

    *_, total = run()

    assert total[:5] == ["total", "0", "0", "0", "0"]
    assert everything() == stood


def test_a_dry_run_says_so_and_writes_nothing() -> None:
    stood = everything()

    title, _, rule, _ = run("--dry-run")

    assert title == ["scan 2026-12-01 (dry run: nothing was written)"]
    assert rule[1] == "1"
    assert everything() == stood


def test_without_a_date_it_scans_today() -> None:
    call_command("scan", stdout=StringIO())

    assert ScanRun.objects.count() == 1


def test_a_date_to_come_is_refused_and_may_be_rehearsed() -> None:
    run()
    stood = everything()

    with pytest.raises(CommandError, match=r"2027-05-01 has not come: .*Add --dry-run"):
        run(on=date(2027, 5, 1))
    *_, total = run("--dry-run", on=date(2027, 5, 1))

    assert total[4] == "1"  # would expire
    assert everything() == stood


def test_a_date_gone_by_may_be_made_up() -> None:
    run(on=before(91))

    assert ScanRun.objects.get().on_date == before(91)


def test_a_run_that_another_process_took_over_fails_with_a_sentence() -> None:
    def take_over(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.startswith('UPDATE "procedures_scanrun"'):
            stolen.append(sql)
            if len(stolen) == 1:
                ScanRun.objects.update(resumed_count=1)
        return execute(sql, *rest)

    stolen: list[str] = []
    with (
        connection.execute_wrapper(take_over),
        pytest.raises(CommandError, match="2026-12-01: another process has taken this scan over"),
    ):
        run()

    assert stolen
    assert not Suggestion.objects.exists()
    assert ScanRun.objects.get().state == RunState.RUNNING


def test_an_unknown_rule_is_refused_before_anything_is_scanned() -> None:
    with pytest.raises(CommandError, match="no rule 'licenze'"):
        run("--rule", "licenze")

    assert not ScanRun.objects.exists()


def test_what_is_not_a_date_is_refused() -> None:
    with pytest.raises(CommandError, match=r"invalid _?date value"):
        call_command("scan", "--on", "31.12.2026", stdout=StringIO())


def test_a_rule_that_fails_is_named_and_the_others_are_scanned() -> None:
    broken = make_rule(LICENCE | {"credential_kind": "passport"}, "broken")
    release(broken, LICENCE | {"lead_days": "ninety"}, first=before(100))

    with pytest.raises(CommandError, match="broken: DefinitionError"):
        run()

    assert Suggestion.objects.count() == 1
    assert ScanRun.objects.get().state == RunState.FAILED
