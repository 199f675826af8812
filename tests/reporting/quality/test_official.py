"""The official points and ranks: taken in line by line, shown beside ours, wrong lines named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from citizens.enums import UnitKind
from citizens.models import Unit
from portal.reporting.quality.models import OfficialScore
from portal.reporting.quality.official import load_official_scores
from portal.reporting.services.read_table import TableError
from tests.factories.citizens import UnitFactory

pytestmark = pytest.mark.django_db
HEAD = "unit,on,group,points,max_points,share,rank,ranked"


@pytest.fixture(autouse=True)
def province() -> Unit:
    unit: Unit = UnitFactory(
        code="49",
        name_vi="Tỉnh Thử",
        kind=UnitKind.PROVINCE,
        parent=None,
        valid=DateRange(date(1997, 1, 1), date(2025, 7, 1)),
    )
    return unit


def test_the_published_points_rank_and_share_stand_on_the_page(client: Client) -> None:
    lines = [HEAD, "49,2024-12-23,,84.2,100,,16,63", "49,2024-12-23,progress,18.6,20,93.08,,"]

    assert load_official_scores(lines, source="Báo chí").taken == 2
    page = client.get(reverse("web:quality")).content.decode()

    assert "84,2 / 100" in page
    assert "16 / 63" in page
    assert "93,08\u00a0%" in page
    assert "= 18,62 / 20" in page
    assert "18,6 / 20" in page
    assert "Báo chí" in page


def test_a_known_line_is_replaced() -> None:
    for points in ("80", "84,2"):
        load_official_scores([HEAD, f'49,2024-12-23,,"{points}",,,16,63'], source=points)

    row = OfficialScore.objects.get()
    assert (row.points, row.max_points, row.source) == (Decimal("84.20"), Decimal(100), "84,2")


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("99,2024-12-23,,84.2,100,,16,63", "unit"),
        ("49,2025-12-23,,84.2,100,,16,63", "unit"),  # the province had ceased
        ("49,12/23/2024,,84.2,100,,16,63", "on"),
        ("49,2024-12-23,speed,18,20,,,", "group"),
        ("49,2021-12-23,progress,18,20,,,", "group"),  # before the decision
        ("49,2024-12-23,progress,21,,,,", "points"),
        ("49,2024-12-23,,NaN,,,,", "points"),
        ("49,2024-12-23,,-1,,,,", "points"),
        ("49,2024-12-23,,,,101,,", "share"),
        ("49,2024-12-23,,,,,16,63", "points"),
        ("49,2024-12-23,,84.2,,,64,63", "rank"),
        ("49,2024-12-23,,84.2,,,16,", "rank"),
        ("49,2024-12-23,,84.2,,,0,63", "rank"),
        ("49,2024-12-23,,84.2,,,1,x", "ranked"),
    ],
)
def test_a_wrong_line_is_named_in_both_languages_and_the_good_one_kept(
    line: str, column: str
) -> None:
    loaded = load_official_scores([HEAD, line, "49,2023-12-23,,81,,,,"], source="Thử")

    assert loaded.taken == 1
    assert [(one.line, one.column) for one in loaded.refused] == [(2, column)]
    assert " / " in loaded.refused[0].reason
    assert OfficialScore.objects.count() == 1


def test_a_file_with_other_headings_is_refused_whole() -> None:
    with pytest.raises(TableError, match="score"):
        load_official_scores(["unit,on,score", "49,2024-12-23,1"], source="Thử")


def test_the_command_names_the_line_and_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "scores.csv"
    file.write_text(f"{HEAD}\n49,2024-12-23,,84.2,,,16,63\n49,2024-12-23,x,1,,,,\n")

    with pytest.raises(SystemExit) as ended:
        call_command("load_official_scores", str(file), source="Thử")

    told = capsys.readouterr()
    assert ended.value.code == 1
    assert "taken\t1" in told.out
    assert f"{file}:3: group:" in told.err
    with pytest.raises(CommandError):
        call_command("load_official_scores", str(tmp_path / "none.csv"), source="Thử")
