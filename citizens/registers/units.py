"""The units of the city and what went into them, read from the three tables of 2025."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from citizens.enums import UnitKind, ZoneKind
from citizens.registers.tables import (
    CellError,
    Row,
    code,
    decimal,
    maybe,
    one_of,
    read_table,
    reason,
    text,
)
from portal.common.errors import RefusedError

COMMUNES = "communes_2025.csv"
DISTRICTS = "districts_quangnam_2025h1.csv"
CROSSWALK = "admin_crosswalk_2025.csv"

CITY, OLD_PROVINCE = "48", "49"
MERGED_ON = date(2025, 7, 1)
# The two provinces were separated on this day; districts and communes stand in the tables as they
# were after the arrangement of 1 January 2025, so we claim no earlier day for them.
SEPARATED_ON = date(1997, 1, 1)
ARRANGED_ON = date(2025, 1, 1)

KINDS = {
    "phuong": UnitKind.WARD,
    "xa": UnitKind.COMMUNE,
    "thi_tran": UnitKind.COMMUNE,
    "dac_khu": UnitKind.SPECIAL_ZONE,
}
DISTRICT_TYPES = {"thanh_pho": "", "thi_xa": "", "quan": "", "huyen": ""}
# The highland districts of Quảng Nam; an official may set another zone, which then stays.
HIGHLAND = frozenset({"504", "505", "510", "511", "515", "516"})

_PREFIXES: tuple[str, ...] = (
    "Thành phố ",
    "Thị xã ",
    "Thị trấn ",
    "Đặc khu ",
    "Phường ",
    "Huyện ",
    "Quận ",
)
_PREFIXES += ("Tỉnh ", "Xã ")
_ENGLISH = {
    "Thành phố": "City",
    "Thị xã": "Town",
    "Thị trấn": "Township",
    "Đặc khu": "Special Zone",
    "Phường": "Ward",
    "Huyện": "District",
    "Quận": "District",
    "Tỉnh": "Province",
    "Xã": "Commune",
}
_OLD_KINDS = {"Phường": UnitKind.WARD, "Xã": UnitKind.COMMUNE, "Thị trấn": UnitKind.COMMUNE}

UnitKey = tuple[str, date]


@dataclass(frozen=True)
class UnitFact:
    """One unit as a table states it; `end` None means it stands."""

    code: str
    name_vi: str
    kind: UnitKind
    zone: ZoneKind
    first: date
    end: date | None = None
    parent: UnitKey | None = None
    longitude: float | None = None
    latitude: float | None = None
    area_km2: float | None = None

    @property
    def key(self) -> UnitKey:
        """What identifies the row: a code may name another unit in another time."""
        return self.code, self.first

    @property
    def name_en(self) -> str:
        """The name without diacritics and with the English word for its kind."""
        return english_name(self.name_vi)


@dataclass(frozen=True)
class SuccessionFact:
    """`old` went into `new`; `whole` is False where a part went elsewhere."""

    old: UnitKey
    new: UnitKey
    whole: bool


def english_name(name_vi: str) -> str:
    """Return `Phường Hải Vân` as `Hai Van Ward`."""
    plain = short_name(name_vi)
    folded = unicodedata.normalize("NFD", plain.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return f"{letters} {_ENGLISH[name_vi.removesuffix(plain).strip()]}"


def short_name(name_vi: str) -> str:
    """Return the name without the word for its kind."""
    for prefix in _PREFIXES:
        if name_vi.startswith(prefix):
            return name_vi.removeprefix(prefix)
    return name_vi


def read_units(folder: Path) -> tuple[list[UnitFact], list[SuccessionFact]]:
    """Return every unit, parents first, and every succession; RefusedError when a file is bad."""
    communes = read_table(
        folder / COMMUNES,
        {
            "code": code,
            "name": unit_name,
            "type": one_of(KINDS),
            "former_district_code": code,
            "area_km2": decimal,
            "lon": decimal,
            "lat": decimal,
        },
        unique=("code",),
    )
    districts = read_table(
        folder / DISTRICTS,
        {
            "code": code,
            "name": unit_name,
            "type": one_of(DISTRICT_TYPES),
            "area_km2": decimal,
            "lon": decimal,
            "lat": decimal,
        },
        unique=("code",),
    )
    crosswalk = read_table(
        folder / CROSSWALK,
        {
            "old_code": maybe(code),
            "old_name": maybe(unit_name),
            "old_district_code": code,
            "old_district": unit_name,
            "old_province_code": one_of({CITY: CITY, OLD_PROVINCE: OLD_PROVINCE}),
            "new_code": code,
            "part": one_of({"whole": True, "part": False}),
        },
        unique=("old_code", "old_district_code", "new_code"),
    )
    _refuse_unknown(communes, districts, crosswalk)
    units = [
        *_provinces(),
        *(_commune(row) for row in communes),
        *_districts(crosswalk, {row["code"]: row for row in districts}),
        *_old_communes(crosswalk),
    ]
    return units, [*_successions(crosswalk)]


def unit_name(value: str) -> str:
    """Accept a name that begins with the word for its kind."""
    if not text(value).startswith(_PREFIXES):
        raise CellError(f"“{value}” thiếu loại đơn vị", f"{value!r} does not say its kind of unit")
    return value


def _refuse_unknown(communes: list[Row], districts: list[Row], crosswalk: list[Row]) -> None:
    """Compare the tables with each other: every code must be one that another table defines."""
    new = {row["code"] for row in communes}
    former = {row["old_district_code"] for row in crosswalk}
    vi, en = "mã không có trong bảng kia", "the other table lacks this code"
    wrong = [
        reason(CROSSWALK, row.line, "new_code", vi, en)
        for row in crosswalk
        if row["new_code"] not in new
    ]
    wrong += [
        reason(COMMUNES, row.line, "former_district_code", vi, en)
        for row in communes
        if row["former_district_code"] not in former
    ]
    wrong += [
        reason(DISTRICTS, row.line, "code", vi, en)
        for row in districts
        if row["code"] not in former
    ]
    if wrong:
        raise RefusedError(*wrong)


def _provinces() -> Iterable[UnitFact]:
    yield UnitFact(CITY, "Thành phố Đà Nẵng", UnitKind.PROVINCE, ZoneKind.URBAN, MERGED_ON)
    for number, name in ((CITY, "Thành phố Đà Nẵng"), (OLD_PROVINCE, "Tỉnh Quảng Nam")):
        yield UnitFact(number, name, UnitKind.PROVINCE, ZoneKind.URBAN, SEPARATED_ON, end=MERGED_ON)


def _zone(kind: UnitKind, district: str) -> ZoneKind:
    if kind == UnitKind.WARD:
        return ZoneKind.URBAN
    return ZoneKind.DISADVANTAGED if district in HIGHLAND else ZoneKind.RURAL


def _commune(row: Row) -> UnitFact:
    return UnitFact(
        row["code"],
        row["name"],
        row["type"],
        _zone(row["type"], row["former_district_code"]),
        MERGED_ON,
        parent=(CITY, MERGED_ON),
        longitude=row["lon"],
        latitude=row["lat"],
        area_km2=row["area_km2"],
    )


def _districts(crosswalk: list[Row], known: Mapping[str, Row]) -> Iterable[UnitFact]:
    """Yield the former districts; only those of Quảng Nam have an area and a point."""
    for row in {row["old_district_code"]: row for row in crosswalk}.values():
        number = row["old_district_code"]
        place = known.get(number)
        yield UnitFact(
            number,
            row["old_district"],
            UnitKind.DISTRICT,
            _zone(UnitKind.DISTRICT, number),
            ARRANGED_ON,
            end=MERGED_ON,
            parent=(row["old_province_code"], SEPARATED_ON),
            longitude=place["lon"] if place else None,
            latitude=place["lat"] if place else None,
            area_km2=place["area_km2"] if place else None,
        )


def _old_communes(crosswalk: list[Row]) -> Iterable[UnitFact]:
    for row in {row["old_code"]: row for row in crosswalk if row["old_code"]}.values():
        kind = _OLD_KINDS[row["old_name"].removesuffix(short_name(row["old_name"])).strip()]
        yield UnitFact(
            row["old_code"],
            row["old_name"],
            kind,
            _zone(kind, row["old_district_code"]),
            ARRANGED_ON,
            end=MERGED_ON,
            parent=(row["old_district_code"], ARRANGED_ON),
        )


def _successions(crosswalk: list[Row]) -> Iterable[SuccessionFact]:
    """Yield what each province, district and old commune went into."""
    for number in (CITY, OLD_PROVINCE):
        yield SuccessionFact((number, SEPARATED_ON), (CITY, MERGED_ON), True)
    ground: dict[str, set[str]] = defaultdict(set)
    for row in crosswalk:
        ground[row["old_district_code"]].add(row["new_code"])
        if row["old_code"]:
            old, new = (row["old_code"], ARRANGED_ON), (row["new_code"], MERGED_ON)
            yield SuccessionFact(old, new, row["part"])
    for number, news in ground.items():
        for new_code in sorted(news):
            old, new = (number, ARRANGED_ON), (new_code, MERGED_ON)
            yield SuccessionFact(old, new, len(news) == 1)
