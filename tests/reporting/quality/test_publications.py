"""Publishing dates are taken in line by line, and count once they are due."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from portal.reporting.quality.counting import counted
from portal.reporting.quality.models import Publication
from portal.reporting.quality.publications import load_publications
from portal.reporting.selectors.settled import Months

pytestmark = pytest.mark.django_db
HEAD = "procedure,name,decision,due_on,published_on"
YEAR = Months.between(date(2026, 1, 1), date(2026, 12, 1), date(2026, 11, 20))


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-20T09:00:00+07:00", tick=False):
        yield


def test_in_time_is_until_the_day_of_what_was_due(client: Client) -> None:
    lines = [
        HEAD,
        "1.000001,Đúng ngày,1/QĐ-BTP,2026-03-10,2026-03-10",
        "1.000002,Muộn,1/QĐ-BTP,2026-03-10,2026-03-11",
        "1.000003,Chưa công bố,2/QĐ-BTP,2026-11-19,",
        "1.000004,Chưa đến hạn,3/QĐ-BTP,2026-11-25,",
        "1.000005,Sớm,3/QĐ-BTP,2026-11-25,2026-11-18",
        "1.000006,Năm trước,4/QĐ-BTP,2025-11-25,2025-11-18",
    ]

    assert load_publications(lines, source="Văn phòng UBND").taken == 6

    assert counted(months=YEAR)["published_on_time"].whole == (2, 4)
    page = client.get(reverse("web:quality"), {"period": "2026"}).content.decode()
    assert "2 / 4" in page


def test_nothing_is_told_before_anything_was_loaded(client: Client) -> None:
    assert counted(months=YEAR)["published_on_time"].whole == (0, 0)
    page = client.get(reverse("web:quality"), {"period": "2026"}).content.decode()
    assert "Trong kỳ chưa nạp thủ tục nào đến hạn công bố" in page


def test_a_known_line_is_replaced() -> None:
    for day in ("", "2026-03-09"):
        load_publications([HEAD, f"1.000001,Một,1/QĐ-BTP,2026-03-10,{day}"], source="-")

    assert Publication.objects.get().published_on == date(2026, 3, 9)


def test_wrong_lines_are_named_and_the_others_kept(tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "cong-bo.csv"
    good, no_code = "1.000001,Một,1/QĐ-BTP,2026-03-10,", ",Hai,1/QĐ-BTP,2026-03-10,"
    no_day = "1.000003,Ba,1/QĐ-BTP,10/13/2026,"
    file.write_text("\n".join([HEAD, good, no_code, no_day]), encoding="utf-8")

    with pytest.raises(SystemExit):
        call_command("load_publications", str(file), source="-")

    told = capsys.readouterr().err
    assert f"{file}:3: procedure" in told
    assert f"{file}:4: due_on" in told
    assert Publication.objects.get().procedure == "1.000001"
