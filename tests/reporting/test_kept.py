"""What was published is kept, corrections are seen, and anybody can count all of it again."""

from __future__ import annotations

import ast
import random
import sys
from datetime import date, timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from citizens.enums import UnitKind
from citizens.models import Unit
from dossiers.enums import DelayKind, Status
from dossiers.models import Dossier
from portal.reporting.models import CountedDossier, KeptCount, KeptFigures
from portal.reporting.selectors.kept import changes
from portal.reporting.selectors.settled import Months
from portal.reporting.selectors.source_rows import Alike, digest_of, file_of, kept_rows, source_rows
from portal.reporting.services.count_dossiers import count_dossiers
from portal.reporting.services.keep_figures import keep_ended_months, keep_figures
from tests.factories.citizens import UnitFactory
from tests.reporting import published
from tests.reporting.test_settled import settled
from tests.reporting.test_unit_page import state, uphold

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-20T09:00:00+07:00", tick=False):
        yield


def fetching(client: Client) -> published.Fetch:
    """Return what fetches from the pages under test."""

    def fetch(path: str) -> published.Answer:
        answer = client.get(path)
        assert answer.status_code == 200, path
        whole = b"".join(answer) if answer.streaming else answer.content
        return whole, dict(answer.items())

    return fetch


def many_dossiers() -> list[Dossier]:
    chance = random.Random(89)  # noqa: S311 - the same rows each time
    units = [UnitFactory(kind=UnitKind.WARD, parent=None) for _ in range(3)]
    found = []
    for _ in range(40):
        due = date(2026, chance.randint(7, 10), chance.randint(1, 28))
        done = due + timedelta(days=chance.randint(-6, 9))
        is_open = chance.random() < 0.2
        found.append(
            settled(
                chance.choice(units),
                due.isoformat() if chance.random() < 0.9 else None,
                None if is_open else done.isoformat(),
                status=Status.PROCESSING if is_open else Status.DONE,
            )
        )
    # The factory files all of them on one day.
    for one in CountedDossier.objects.order_by("pk"):
        if one.finished_on:
            one.filed_on = one.finished_on - timedelta(days=chance.randint(0, 30))
            one.save()
    for dossier in found:
        _explain(dossier, chance)
    return found


def _explain(dossier: Dossier, chance: random.Random) -> None:
    """State causes of some dossiers, late or not, and uphold disputes of some."""
    kinds = chance.sample(list(DelayKind), 2)
    if chance.random() < 0.6:
        for kind in kinds:
            state(dossier, kind, chance.randint(1, 4))
    if chance.random() < 0.5:
        uphold(dossier, chance.randint(1, 6))


def withdraw(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(status=Status.WITHDRAWN)
    count_dossiers([dossier.pk])


def ward() -> Unit:
    unit: Unit = UnitFactory(kind=UnitKind.WARD, parent=None)
    return unit


def test_every_published_figure_follows_from_the_published_rows(client: Client) -> None:
    dossiers = many_dossiers()
    keep_ended_months(today=TODAY)
    for one in dossiers[::9]:
        withdraw(one)
    keep_ended_months(today=TODAY)
    assert KeptFigures.objects.filter(version=2).exists()
    check = published.Check(fetching(client))

    months = {
        month: check.live(month) for month in published.periods_of("2026") if month > "2026-05"
    }
    for month in months:
        check.kept(month)
    for period in ("2026", "2026-Q3"):
        check.live(period)
    check.year("2026", {month: rows for month, rows in months.items() if month < "2026-12"})

    assert check.wrong == []
    assert check.compared > 500


def test_the_script_sees_a_figure_that_does_not_follow(client: Client) -> None:
    many_dossiers()
    keep_ended_months(today=TODAY)
    honest = fetching(client)

    def doctored(path: str) -> published.Answer:
        whole, headers = honest(path)
        if path.partition("?")[0].endswith("rows.csv"):
            whole = whole.replace(b",late\r\n", b",early\r\n", 1)
        return whole, headers

    check = published.Check(doctored)
    check.live("2026")
    check.kept("2026-10")

    assert len(check.wrong) > 5


def test_the_script_needs_nothing_of_the_portal() -> None:
    tree = ast.parse(Path(published.__file__).read_text(encoding="utf-8"))
    named = [
        name.name if isinstance(node, ast.Import) else node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    ]

    assert {name.split(".")[0] for name in named} <= set(sys.stdlib_module_names)


def test_a_month_is_kept_once_it_has_ended() -> None:
    settled(ward(), "2026-10-10", "2026-10-09")
    settled(ward(), "2026-11-10", "2026-11-09")

    kept = keep_ended_months(today=TODAY)

    assert [(one.month, one.version, one.until) for one in kept] == [
        (OCTOBER, 1, date(2026, 10, 31))
    ]
    assert keep_ended_months(today=TODAY) == []
    assert [one.month for one in keep_ended_months(today=date(2026, 12, 1))] == [date(2026, 11, 1)]


def test_a_correction_is_a_version_that_tells_what_it_changed(client: Client) -> None:
    unit = ward()
    late = settled(unit, "2026-10-10", "2026-10-12")
    settled(unit, "2026-10-10", "2026-10-09")
    (first,) = keep_ended_months(today=TODAY)
    withdraw(late)

    (second,) = keep_ended_months(today=TODAY)

    assert second.version == 2
    assert [(one.unit, one.outcome, one.count) for one in changes(second)] == [(unit, "late", -1)]
    assert (
        digest_of(kept_rows(first)) == first.digest != second.digest == digest_of(kept_rows(second))
    )
    was = client.get(reverse("web:map_kept_month", args=[OCTOBER, 1])).content.decode()
    assert first.digest in was
    assert reverse("web:map_kept_month", args=[OCTOBER, 2]) in was
    now = client.get(reverse("web:map_kept_month", args=[OCTOBER, 2])).content.decode()
    assert second.digest in now
    assert "−1" in now
    page = client.get(reverse("web:map") + "?period=2026-10").content.decode()
    assert second.digest in page


def test_what_is_settled_later_corrects_no_month_before() -> None:
    dossier = settled(ward(), "2026-10-10", None, status=Status.PROCESSING)
    keep_figures(month=OCTOBER, today=TODAY)
    at = "2026-11-12T09:00:00+07:00"
    Dossier.objects.filter(pk=dossier.pk).update(finished_at=at, status=Status.DONE)
    count_dossiers([dossier.pk])

    assert keep_figures(month=OCTOBER, today=TODAY) is None


def test_a_month_that_runs_is_kept_when_somebody_asks(client: Client) -> None:
    settled(ward(), "2026-11-10", "2026-11-09")
    told = StringIO()

    call_command("keep_figures", "2026-11", stdout=told)

    kept = KeptFigures.objects.get()
    assert kept.until == TODAY - timedelta(days=1)
    assert told.getvalue() == f"2026-11\t1\t{kept.digest}\nkept\t1\n"
    (ended,) = keep_ended_months(today=date(2026, 12, 1))
    assert (ended.version, ended.digest) == (2, kept.digest)
    page = client.get(reverse("web:map_kept_month", args=[kept.month, 2]))
    assert page.status_code == 200


def test_a_wrong_month_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match="2026-10"):
        call_command("keep_figures", "10/2026")


def test_what_was_kept_cannot_be_changed() -> None:
    settled(ward(), "2026-10-10", "2026-10-09")
    keep_ended_months(today=TODAY)

    with pytest.raises(ProgrammingError), transaction.atomic():
        KeptCount.objects.all().delete()
    with pytest.raises(ProgrammingError), transaction.atomic():
        KeptCount.objects.update(count=7)
    with pytest.raises(ProgrammingError), transaction.atomic():
        KeptFigures.objects.update(digest="0" * 64)


def test_the_digest_is_that_of_the_file_as_handed_out(client: Client) -> None:
    settled(ward(), "2026-10-10", "2026-10-09")
    (kept,) = keep_ended_months(today=TODAY)

    answer = client.get(reverse("web:map_kept_rows", args=[OCTOBER, 1]))

    assert sha256(b"".join(answer)).hexdigest() == kept.digest
    assert kept.digest[:12] in answer["Content-Disposition"]
    assert answer["ETag"] == f'"{kept.digest}"'


def test_a_file_of_many_rows_comes_in_small_pieces() -> None:
    rows = [Alike("20194", "Hộ tịch", "2026-10", "early", 1_000_000, 1)]

    sizes = [len(piece) for piece in file_of(rows)]

    assert max(sizes) < 100_000
    assert sum(sizes) > 30_000_000


def test_the_rows_of_a_field_are_its_own() -> None:
    settled(ward(), "2026-10-10", "2026-10-09")
    months = Months.between(OCTOBER, OCTOBER, TODAY)
    name = source_rows(months=months)[0].field

    assert source_rows(months=months, field=name) == source_rows(months=months)
    assert source_rows(months=months, field=f"{name} khác") == []


@pytest.mark.parametrize("path", ["2026-10/1/", "2026-10/1/rows.csv", "2026-10/1/figures.csv"])
def test_what_was_not_kept_is_not_found(client: Client, path: str) -> None:
    assert client.get(reverse("web:map_kept") + path).status_code == 404


def test_pages_say_that_nothing_is_kept_yet(client: Client) -> None:
    assert client.get(reverse("web:map_kept")).status_code == 200
    page = client.get(reverse("web:map")).content.decode()
    assert reverse("web:map_kept") in page


@pytest.mark.parametrize("column", ["days_late", "system", "in_time_after_all"])
def test_the_script_sees_a_doctored_cause_or_excuse(client: Client, column: str) -> None:
    many_dossiers()
    honest = fetching(client)

    def doctored(path: str) -> published.Answer:
        whole, headers = honest(path)
        if "/late.csv" in path:
            head, *rows = (line.split(b",") for line in whole.splitlines())
            at = head.index(column.encode())
            for row in rows:
                row[at] = str(int(row[at]) + 1).encode()
            whole = b"\r\n".join(b",".join(row) for row in (head, *rows))
        return whole, headers

    check = published.Check(doctored)
    check.live("2026")

    assert check.wrong


def test_of_few_late_dossiers_only_the_sums_are_told(client: Client) -> None:
    place = ward()
    for day in (12, 13, 16, 17):
        settled(place, "2026-10-09", f"2026-10-{day}")
    path = reverse("web:map_unit_late", args=[place.code]) + "?period=2026-10"

    def told() -> list[list[str]]:
        lines = client.get(path).content.decode().removeprefix("\ufeff").splitlines()
        return [[cells[0], cells[1], cells[-1]] for cells in (one.split(",") for one in lines[1:])]

    assert told() == [["4", "13", "0"]]
    settled(place, "2026-10-09", "2026-10-12")
    assert told() == [["2", "2", "1"], ["1", "2", "1"], ["2", "10", "1"]]
