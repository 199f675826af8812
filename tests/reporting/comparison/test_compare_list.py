"""A partner's list held against our books: how it is read, and a recount of what is found."""

from __future__ import annotations

import csv
import io
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
import time_machine
from django.core.management import CommandError, call_command

from dossiers.enums import ExchangeKind, ExchangeState, Repair, Status
from dossiers.models import Dossier, ExchangeLink, ExchangeRow
from dossiers.partners import mapping as mappings
from dossiers.partners.address import NATIONAL_PORTAL
from dossiers.partners.mapping import mapping_of
from portal.reporting.comparison.matching import Class, compare
from portal.reporting.comparison.reading import Line, read_list
from portal.reporting.services.read_table import Refused, TableError
from tests.factories.citizens import AgencyFactory, CitizenFactory
from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = NOW.date()
DAYS = {"since": TODAY - timedelta(days=30), "until": TODAY}
HEADS = "Mã hồ sơ,Mã hồ sơ địa phương,TRẠNG THÁI,Ngày tiếp nhận,Ngày hẹn trả,Ghi chú"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def read(data: bytes) -> tuple[list[Line], list[Refused]]:
    found = list(read_list(data, mapping=mapping_of(NATIONAL_PORTAL), today=TODAY))
    lines = [one for one in found if isinstance(one, Line)]
    return lines, [one for one in found if isinstance(one, Refused)]


def linked(code: str, **changes: Any) -> Dossier:
    dossier: Dossier = DossierFactory(**changes)
    ExchangeLink.objects.create(partner=NATIONAL_PORTAL, dossier=dossier, their_code=code)
    return dossier


def told(dossier: Dossier, state: ExchangeState) -> None:
    ExchangeRow.objects.create(
        partner=NATIONAL_PORTAL,
        dossier=dossier,
        kind=ExchangeKind.DATES,
        state=state,
        due_at=NOW,
        noted_at=NOW,
    )


def line(number: int, national: str, status: int, **changes: Any) -> Line:
    days = {"received": None, "due": None, "finished": None}
    return Line(national=national, status=status, number=number, **({"code": ""} | days | changes))


def classes(lines: Sequence[Line]) -> list[tuple[int | None, str, Class, Repair | None]]:
    found = compare(lines, mapping=mapping_of(NATIONAL_PORTAL), **DAYS)
    return [(one.number, one.national, one.found, one.repair) for one in found]


# -------------------------------------------------------------------------------- reading
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_list_is_read_as_excel_writes_it(encoding: str, mark: str) -> None:
    text = f"{HEADS}\nG1,H1,4,5/1/2026,12.01.2026,gì\n".replace(",", mark)
    (one,), refused = read(text.encode(encoding))
    assert one == Line("G1", "H1", 4, date(2026, 1, 5), date(2026, 1, 12), None, 2)
    assert not refused


def test_headings_of_old_windows_are_read() -> None:
    # cp1258 writes tones as letters of their own.
    text = "MaHoSo,Nga\u0300y hẹn tra\u0309,TrangThai\nG1,2026-01-12,4\n".replace("ẹ", "e\u0323")
    (one,), _refused = read(text.encode("cp1258"))
    assert one.due == date(2026, 1, 12)


@pytest.mark.parametrize("written", ["08:30 05/01/2026", "2026-01-05T08:30:00", "05-01-2026 8:30"])
def test_days_are_read_as_people_write_them(written: str) -> None:
    (one,), _refused = read(f"{HEADS}\nG1,,4,{written},,\n".encode())
    assert one.received == date(2026, 1, 5)


def test_lines_without_any_cell_are_passed_over() -> None:
    rows, refused = read(f"{HEADS}\nG1,,4,,,\n\n,,,,,\nG2,,4,,,\n,,,,,\n".encode())
    assert ([one.national for one in rows], refused) == (["G1", "G2"], [])


def test_a_workbook_is_read_with_its_days() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(HEADS.split(","))
    book.active.append(["G1", None, 4, NOW.replace(tzinfo=None), date(2026, 1, 12)])
    file = io.BytesIO()
    book.save(file)
    (one,), _refused = read(file.getvalue())
    assert (one.status, one.received, one.due) == (4, TODAY, date(2026, 1, 12))


def test_wrong_lines_are_named_and_the_good_ones_kept() -> None:
    rows = ["G1,,4,,,", ",,4,,,", "G3,,77,,,", "G4,,4,31/02/2026,,", "G5,,4,1/2/33333,,", "G6,,4"]
    lines, refused = read("\n".join([HEADS, *rows]).encode())
    assert [(one.national, one.number) for one in lines] == [("G1", 2), ("G6", 7)]
    named = [(one.line, one.column) for one in refused]
    assert named == [(3, "national"), (4, "status"), (5, "received"), (6, "received")]


@pytest.mark.parametrize("text", ["", "TrangThai\n4\n", "MaHoSo\nG1\n"])
def test_a_list_without_codes_or_statuses_is_refused(text: str) -> None:
    with pytest.raises(TableError):
        read(text.encode())


# ------------------------------------------------------------------------------- matching
def test_each_class_is_found_with_what_would_mend_it() -> None:
    for code in ("G1", "G2", "G3", "G4", "G5", "G6"):
        linked(code, processing=True)
    own = linked("", processing=True)
    g6 = ExchangeLink.objects.get(their_code="G6").dossier
    told(g6, ExchangeState.WAITING)
    lines = [
        line(2, "G1", Status.PROCESSING),
        line(3, "G2", Status.RECEIVED),
        line(4, "G3", Status.PROCESSING, due=TODAY),
        line(5, "G4", Status.PROCESSING),
        line(6, "G4", Status.PROCESSING),
        line(7, "G6", Status.RECEIVED),
        line(8, "G9", Status.RECEIVED),
        line(9, "G10", Status.PROCESSING, code=own.code),
    ]
    assert classes(lines) == [
        (2, "G1", Class.SAME, None),
        (3, "G2", Class.STATUS, Repair.TELL_STATUS),
        (4, "G3", Class.DATE, Repair.TELL_DATES),
        (5, "G4", Class.DOUBLE, Repair.REMOVE_THERE),
        (6, "G4", Class.DOUBLE, Repair.REMOVE_THERE),
        (7, "G6", Class.UNDER_WAY, None),
        (8, "G9", Class.ONLY_THERE, Repair.BY_HAND),
        (9, "G10", Class.SAME, None),
        (None, "G5", Class.ONLY_HERE, Repair.TELL_AGAIN),
    ]
    told(g6, ExchangeState.PARKED)
    assert classes(lines)[5][2] == Class.STATUS


def test_the_partners_status_is_not_told_over(monkeypatch: pytest.MonkeyPatch) -> None:
    linked("G1")
    mapping = mapping_of(NATIONAL_PORTAL)
    first = mapping.document["procedures"][0] | {"owner": "partner"}
    document = {**mapping.document, "procedures": [first]}
    theirs = mappings.PartnerMapping("national_portal", "", "", mapping.repeats, document)
    (one,) = compare([line(2, "G1", Status.RECEIVED)], mapping=theirs, **DAYS)
    assert one.repair is Repair.TAKE_THEIRS


def test_codes_that_name_two_dossiers_of_ours_are_double() -> None:
    linked("G1")
    other = linked("G2")
    found = classes([line(2, "G1", Status.REGISTERED, code=other.code)])
    assert found[0][2] == Class.DOUBLE


@pytest.mark.parametrize("seed", range(6))
def test_a_recount_by_hand_finds_the_same(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - lists for a test, no secret
    citizen = CitizenFactory()
    same = {"owner_citizen": citizen, "competent": AgencyFactory(unit=citizen.unit)}
    ours: list[tuple[str, Dossier]] = []
    for number in range(12):
        code = chance.choice(["", f"G{number}"])
        ours.append((code, linked(code, processing=chance.random() < 0.5, **same)))
    moving = {dossier.pk for _code, dossier in chance.sample(ours, 3)}
    for _code, dossier in ours:
        if dossier.pk in moving:
            told(dossier, ExchangeState.SENDING)
    owns = [dossier.code for _code, dossier in ours]
    lines = [
        line(
            number,
            chance.choice(["", *(f"G{one}" for one in range(16))]),
            chance.choice([Status.REGISTERED, Status.PROCESSING]),
            code=chance.choice([*owns, "H0", "H0"]),
            due=chance.choice([None, *(dossier.due_on for _code, dossier in ours)]),
        )
        for number in range(2, 22)
    ]
    expected = _recount(lines, ours, moving)
    found = compare(lines, mapping=mapping_of(NATIONAL_PORTAL), **DAYS)
    assert Counter((one.number, one.code, one.found) for one in found) == expected


def _recount(
    lines: Sequence[Line], ours: Sequence[tuple[str, Dossier]], moving: set[int]
) -> Counter[tuple[int | None, str, Class]]:
    national = {code: dossier for code, dossier in ours if code}
    own = {dossier.code: dossier for _code, dossier in ours}
    groups: dict[object, list[Line]] = defaultdict(list)
    dossiers, torn = {}, set()
    for one in lines:
        first, second = national.get(one.national), own.get(one.code)
        dossiers[one.number] = first or second
        if len({first, second} - {None}) > 1:
            torn.add(one.number)
        groups[dossiers[one.number] or (one.national, one.code)].append(one)
    found: Counter[tuple[int | None, str, Class]] = Counter()
    for group in groups.values():
        for one in group:
            dossier, is_double = dossiers[one.number], len(group) > 1 or one.number in torn
            kind = Class.DOUBLE if is_double else _class_of(one, dossier, moving)
            found[one.number, dossier.code if dossier else one.code, kind] += 1
    for dossier in own.values():
        if dossier not in dossiers.values():
            kind = Class.UNDER_WAY if dossier.pk in moving else Class.ONLY_HERE
            found[None, dossier.code, kind] += 1
    return found


def _class_of(one: Line, dossier: Dossier | None, moving: set[int]) -> Class:
    if dossier is None:
        return Class.ONLY_THERE
    if dossier.pk in moving:
        return Class.UNDER_WAY
    if dossier.status != one.status:
        return Class.STATUS
    return Class.DATE if one.due and one.due != dossier.due_on else Class.SAME


# -------------------------------------------------------------------------------- command
def test_the_command_counts_and_writes_what_would_be_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    linked("G1")
    linked("G2", submitted_at=NOW - timedelta(days=90))  # not of these days
    given, made = tmp_path / "list.csv", tmp_path / "out.csv"
    given.write_text(f"{HEADS}\nG1,,3,,,\n=G7,,4,,,\nG8,,x,,,\n", encoding="utf-8")
    options = {**DAYS, "out": made}
    with pytest.raises(SystemExit):
        call_command("compare_list", NATIONAL_PORTAL, given, **options)
    told = capsys.readouterr()
    counts = dict(row.split("\t") for row in told.out.splitlines())
    assert (counts["only_there"], counts["status"], counts["only_here"]) == ("1", "1", "0")
    assert counts["hours by hand (assumed)"] == "0.1"
    assert f"{given}:4: status" in told.err
    rows = list(csv.DictReader(made.read_text("utf-8-sig").splitlines()))
    assert [row["proposed"] for row in rows] == ["tell_status", "by_hand"]
    assert rows[1]["national"] == "'=G7"


def test_refused_lines_are_mended_and_brought_again(tmp_path: Path) -> None:
    given, wrong = tmp_path / "list.csv", tmp_path / "wrong.csv"
    given.write_text(f"{HEADS}\nG1,H1,x,5/1/2026,,\nG2,,4,,,\n", encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("compare_list", NATIONAL_PORTAL, given, **DAYS, refused=wrong)
    text = wrong.read_text("utf-8-sig")
    assert len(text.splitlines()) == 2
    (one,), refused = read(text.replace(",x,", ",4,").encode())
    assert (one.national, one.code, one.status, one.received) == ("G1", "H1", 4, date(2026, 1, 5))
    assert not refused


@pytest.mark.parametrize("count", [1, 40])
def test_many_lines_are_one_question(count: int, django_assert_num_queries: Any) -> None:
    citizen = CitizenFactory()
    same = {"owner_citizen": citizen, "competent": AgencyFactory(unit=citizen.unit)}
    lines = [line(number, f"G{number}", Status.REGISTERED) for number in range(count)]
    for one in lines:
        linked(one.national, **same)
    with django_assert_num_queries(1):
        assert len(classes(lines)) == count


def test_an_unknown_partner_is_said(tmp_path: Path) -> None:
    given = tmp_path / "list.csv"
    given.write_text("MaHoSo,TrangThai\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("compare_list", "nobody", given, **DAYS)
