"""A bank's statement: known rows stay, lost calls are made good, every difference is named."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django.fixtures import Settings

from dossiers.enums import NoticeVerdict, PaymentState
from dossiers.models import PaymentNotice
from dossiers.services.reconcile_payments import reconcile_payments
from portal.common.errors import RefusedError
from tests.dossiers.payment_scene import TUESDAY, asked, tell
from tests.dossiers.scene import renewal

pytestmark = pytest.mark.django_db
HEAD = "transaction,amount,content,paid_at"


def test_a_lost_call_is_made_good_and_the_rest_is_named() -> None:
    # Given a fee whose call was lost, and three calls that came
    _dossier, payment = asked(renewal())
    for number, amount in (("FT1", 5000), ("FT2", 6000), ("FT3", 7000)):
        tell(number, "khac", amount)
    lines = [
        HEAD,
        "FT1,5000,khac,2026-11-24T09:00:00+07:00",
        f'FT9,"135.000",MBVCB {payment.reference},2026-11-24T09:05:00+07:00',
        "FT3,7500,khac,",
        "FT8,1000,khong ro,",
        ",1000,khong co so,",
        "FT7,mot tram,chu,",
        "FT6,1000,gio sai,24/11/2026",
        "FT1,5000,khac,",
    ]

    # When the statement is compared, and once more
    done = reconcile_payments(gateway="demo", lines=lines, now=TUESDAY)
    again = reconcile_payments(gateway="demo", lines=lines, now=TUESDAY)

    # Then
    payment.refresh_from_db()
    assert (payment.state, payment.transaction) == (PaymentState.PAID, "FT9")
    assert (done.known, done.settled, done.stray) == (1, 1, 1)
    assert [row.line for row in done.differing] == [4]
    assert "7500" in done.differing[0].reason
    assert "7000" in done.differing[0].reason
    assert [row.line for row in done.bad] == [6, 7, 8, 9]
    assert done.missing == ["FT2"]
    assert (again.known, again.settled, again.stray) == (3, 0, 0)
    assert PaymentNotice.objects.count() == 5
    assert PaymentNotice.objects.get(transaction="FT8").verdict == NoticeVerdict.UNKNOWN


@pytest.mark.parametrize(
    "head",
    [
        "Số bút toán;Ghi có;Diễn giải;Thời gian",
        "\ufeffMÃ GIAO DỊCH,SỐ TIỀN,NỘI DUNG",
        "stt,content,amount,transaction",
    ],
)
def test_columns_are_found_by_what_banks_call_them(head: str) -> None:
    order = {"Số": "FT1;1000;x;", "\ufeff": "FT1,1000,x", "st": "1,x,1000,FT1"}
    row = next(cells for start, cells in order.items() if head.startswith(start))

    assert reconcile_payments(gateway="demo", lines=[head, row], now=TUESDAY).stray == 1


@pytest.mark.parametrize("lines", [[], ["", " "], ["transaction,amount"], ["a;b;c"]])
def test_a_file_without_its_columns_is_refused_whole(lines: list[str]) -> None:
    with pytest.raises(RefusedError):
        reconcile_payments(gateway="demo", lines=lines, now=TUESDAY)


def test_the_command_says_what_to_look_at(tmp_path: Path) -> None:
    file, said = tmp_path / "sao-ke.csv", StringIO()
    file.write_text(f"{HEAD}\nFT1,0,x,\n", encoding="utf-8")

    with pytest.raises(CommandError, match="stray-money"):
        call_command("reconcile_payments", str(file), stdout=said)

    assert "line 2: the amount is no whole number" in said.getvalue()


def test_a_clean_statement_ends_well(tmp_path: Path) -> None:
    tell("FT1", "x", 1000)
    file, said = tmp_path / "sao-ke.csv", StringIO()
    file.write_text(f"{HEAD}\nFT1,1000,x,\n", encoding="utf-8")

    call_command("reconcile_payments", str(file), stdout=said)

    assert "known already, same amount           1" in said.getvalue()


def test_what_cannot_be_read_is_said(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "sao-ke.csv"
    file.write_bytes("mã;số".encode("utf-16"))
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("reconcile_payments", str(file))
    with pytest.raises(CommandError, match="No such file"):
        call_command("reconcile_payments", str(tmp_path / "none.csv"))
    settings.PAYMENT_URL = ""
    with pytest.raises(CommandError, match="--gateway"):
        call_command("reconcile_payments", str(file))
