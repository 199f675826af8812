"""`manage.py scan`: what it prints and how it ends."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

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


def run(*arguments: str) -> list[list[str]]:
    out = StringIO()
    call_command("scan", "--on", str(before(90)), *arguments, stdout=out)
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
