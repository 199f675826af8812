"""The tables that are loaded: what they make, that a second run makes nothing, what is refused."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db.models import Count

from citizens import selectors
from citizens.enums import UnitKind, ZoneKind
from citizens.models import Agency, Holiday, Register, Unit, UnitSuccession
from citizens.registers.tables import DATA
from citizens.services import load_agencies, load_calendar, load_registers, load_units
from portal.common.errors import RefusedError

pytestmark = pytest.mark.django_db

LAST_DAY, FIRST_DAY = date(2025, 6, 30), date(2025, 7, 1)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Return a copy of our tables that a test may spoil."""
    for path in DATA.glob("*.csv"):
        shutil.copy(path, tmp_path)
    return tmp_path


def spoil(path: Path, old: str, new: str) -> None:
    """Replace text in a table, once."""
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def test_the_city_has_94_units_of_three_kinds() -> None:
    load_units()

    city = Unit.objects.valid_on(FIRST_DAY).get(code="48")
    below = Unit.objects.valid_on(FIRST_DAY).filter(parent=city)
    kinds = dict(below.values_list("kind").annotate(Count("pk")))
    assert kinds == {UnitKind.WARD: 23, UnitKind.COMMUNE: 70, UnitKind.SPECIAL_ZONE: 1}
    assert below.get(code="20333").name_vi == "Đặc khu Hoàng Sa"
    assert below.get(code="20194").name_en == "Hai Van Ward"


def test_the_day_before_the_merger_shows_the_old_map() -> None:
    load_units()

    before = Unit.objects.valid_on(LAST_DAY)
    assert before.filter(kind=UnitKind.DISTRICT, parent__code="49").count() == 17
    assert before.filter(kind=UnitKind.DISTRICT, parent__code="48").count() == 8
    assert before.filter(kind__in=(UnitKind.WARD, UnitKind.COMMUNE)).count() == 280
    assert before.get(code="20194").name_vi == "Phường Hòa Hiệp Bắc"
    assert Unit.objects.valid_on(FIRST_DAY).get(code="20194").name_vi == "Phường Hải Vân"


def test_every_old_commune_has_a_successor_and_one_was_split() -> None:
    load_units()

    old = Unit.objects.filter(parent__kind=UnitKind.DISTRICT)
    assert not old.filter(successions=None).exists()
    split = old.annotate(parts=Count("successions")).filter(parts__gt=1)
    assert [unit.name_vi for unit in split] == ["Xã Hòa Liên"]
    parts = UnitSuccession.objects.filter(old=split.get()).values_list("new__name_vi", "whole")
    assert set(parts) == {("Phường Hải Vân", False), ("Phường Liên Chiểu", False)}
    assert not Unit.objects.filter(kind=UnitKind.DISTRICT, successions=None).exists()


def test_loading_again_writes_nothing() -> None:
    for load in (load_units, load_agencies, load_registers):
        assert load().created
        assert not load()
    assert load_calendar([2026]).created
    assert not load_calendar([2026])


def test_a_zone_that_an_official_set_stays() -> None:
    load_units()
    Unit.objects.filter(code="20194", zone=ZoneKind.URBAN).update(zone=ZoneKind.RURAL)

    assert not load_units()
    assert Unit.objects.valid_on(FIRST_DAY).get(code="20194").zone == ZoneKind.RURAL


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("communes_2025.csv", "code,name", "number,name", "dòng 1, cột code"),
        ("communes_2025.csv", "406.09", "bốn trăm", "dòng 2, cột area_km2"),
        ("communes_2025.csv", "20197,", "20194,", "dòng 3, cột code"),
        ("communes_2025.csv", "Phường Hải Vân", "Hải Vân", "dòng 2, cột name"),
        ("communes_2025.csv", ",107.991,16.124", ",107.991", "dòng 2, cột *"),
        ("admin_crosswalk_2025.csv", ",whole", ",almost", "dòng 2, cột part"),
        ("admin_crosswalk_2025.csv", ",20194,Ph", ",99999,Ph", "dòng 3, cột new_code"),
        ("districts_quangnam_2025h1.csv", "502,", "999,", "dòng 2, cột code"),
    ],
)
def test_a_malformed_table_of_units_is_refused_whole(
    tables: Path, file: str, old: str, new: str, place: str
) -> None:
    spoil(tables / file, old, new)

    with pytest.raises(RefusedError) as refused:
        load_units(folder=tables)

    said = str(refused.value)
    assert f"{file}, {place}: " in said
    assert place.replace("dòng", "line").replace("cột", "column") in said
    assert not Unit.objects.exists()


def test_every_bad_line_is_named_at_once(tables: Path) -> None:
    spoil(tables / "communes_2025.csv", "406.09", "x")
    spoil(tables / "communes_2025.csv", "41.19", "y")

    with pytest.raises(RefusedError) as refused:
        load_units(folder=tables)

    assert len(refused.value.reasons) == 2


def test_a_file_that_is_not_text_is_refused(tables: Path) -> None:
    (tables / "registers.csv").write_bytes("tên".encode("utf-16"))

    with pytest.raises(RefusedError, match=r"registers\.csv, dòng 1"):
        load_registers(folder=tables)


def test_each_kind_of_agency_has_its_offices() -> None:
    load_units()
    load_agencies()

    in_communes = Agency.objects.filter(kind="ubnd_xa")
    assert in_communes.count() == 94
    police = Agency.objects.get(kind="cong_an_xa", unit__code="20194")
    assert (police.code, police.name_vi) == ("H17.20194.02", "Công an phường Hải Vân")
    assert Agency.objects.get(kind="so_y_te").unit.code == "48"


def test_the_head_of_the_codes_can_be_set() -> None:
    load_units()
    load_agencies()

    assert load_agencies(head="H99").changed
    assert not Agency.objects.exclude(code__startswith="H99.").exists()


def test_the_registers_are_those_of_the_catalogue() -> None:
    load_units()
    load_agencies()
    load_registers()

    codes = "BUS CIVIL EDU GPLX HEALTH INS LAND LOCAL NPD POV TOUR TRANS VET XNC"
    assert list(Register.objects.values_list("code", flat=True)) == codes.split()
    assert not Register.objects.filter(steward_kind=None).exists()


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 1, 2), False),  # the package does not know this one
        (date(2026, 1, 3), False),
        (date(2026, 1, 9), True),
        (date(2026, 1, 10), True),  # a Saturday, worked for 2 January
        (date(2026, 1, 17), False),
        (date(2026, 2, 17), False),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 9, 3), True),
    ],
)
def test_the_working_calendar_of_2026(day: date, working: bool) -> None:
    load_calendar([2025, 2026, 2027])

    assert selectors.working_calendar().is_working(day) is working


def test_a_correction_carries_its_decision() -> None:
    load_calendar([2026])

    assert "2026" in Holiday.objects.get(day=date(2026, 1, 10)).decision


def test_what_an_official_set_is_never_overwritten() -> None:
    day = date(2026, 11, 24)
    load_calendar([2026])
    Holiday.objects.filter(day=day).update(
        is_working=True, is_correction=True, decision="123/QĐ-UBND", name_vi="Làm việc"
    )
    extra = Holiday.objects.create(day=day + timedelta(days=1), name_vi="Bão", is_correction=True)

    assert not load_calendar([2026])
    assert Holiday.objects.get(day=day).decision == "123/QĐ-UBND"
    assert Holiday.objects.filter(pk=extra.pk).exists()


def test_a_day_that_no_source_states_any_more_goes_away(tables: Path) -> None:
    load_calendar([2026])
    path = tables / "holiday_corrections.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")

    assert load_calendar([2026], folder=tables).removed == 2


def test_a_malformed_correction_is_refused_and_nothing_is_written(tables: Path) -> None:
    spoil(tables / "holiday_corrections.csv", "2026-01-02", "02/01/2026")

    with pytest.raises(RefusedError, match="dòng 2, cột day"):
        load_calendar([2026], folder=tables)

    assert not Holiday.objects.exists()
