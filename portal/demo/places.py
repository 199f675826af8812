"""Where the people of the demo live: real units, made-up houses."""

from __future__ import annotations

from functools import cache
from random import Random

from citizens.registers.tables import DATA
from citizens.registers.units import MERGED_ON, UnitFact, read_units
from portal.demo.names import pick
from portal.demo.plan import Place

CITY_NAME = "thành phố Đà Nẵng"
_EMPTY = "20333"  # đặc khu Hoàng Sa is one of the 94 units, but no household is registered there
_STREETS = (
    "Trần Phú", "Lê Lợi", "Hùng Vương", "Nguyễn Văn Linh", "Lê Duẩn", "Phan Châu Trinh",
    "Hoàng Diệu", "Nguyễn Tri Phương", "Điện Biên Phủ", "Ông Ích Khiêm", "Trưng Nữ Vương",
    "Núi Thành", "Ngô Quyền", "Võ Nguyên Giáp", "Nguyễn Hữu Thọ", "Tôn Đức Thắng", "Phan Bội Châu",
    "Nguyễn Thái Học", "Huỳnh Thúc Kháng", "Lý Thường Kiệt", "Bạch Đằng", "Lê Hồng Phong",
    "Nguyễn Công Trứ", "Cách Mạng Tháng Tám", "Trần Cao Vân", "Hải Phòng", "Quang Trung",
)  # fmt: skip
_HAMLETS = (
    "An Hòa", "Phú Đông", "Mỹ Sơn", "Trung Lộc", "Tân Thành", "Bình An", "Hòa Mỹ", "Đại Phú",
    "Thạnh Mỹ", "Xuân Tây", "Phước Lộc", "Long Bình", "Cẩm Thanh", "Phong Thử", "Quảng Đông",
)  # fmt: skip
_HIGHLAND_HAMLETS = ("A Rớh", "Bhơ Hôồng", "Pơ Ning", "A Dinh", "Ga Nil", "Tà Lang", "R'cung")


def living_places() -> list[Place]:
    """Return the units in which people live, wards weighted by repetition (they are fuller)."""
    places: list[Place] = []
    for unit in _units():
        place = Place(unit.code, unit.name_vi, unit.zone == "urban", unit.zone == "disadvantaged")
        places += [place] * (6 if place.urban else 1 if place.highland else 2)
    return places


@cache
def _units() -> list[UnitFact]:
    units, _successions = read_units(DATA)
    stand = (unit for unit in units if unit.first == MERGED_ON and unit.parent)
    return [unit for unit in stand if unit.code != _EMPTY]


def draw_address(random: Random, place: Place) -> str:
    """Return an address in a unit: a street in a ward, a hamlet in a commune."""
    if place.urban:
        house = f"{random.randint(1, 480)} {pick(random, _STREETS)}"
    elif place.highland:
        house = f"Thôn {pick(random, _HIGHLAND_HAMLETS)}"
    else:
        house = f"Tổ {random.randint(1, 12)}, thôn {pick(random, _HAMLETS)}"
    return f"{house}, {in_a_sentence(place.name)}, {CITY_NAME}"


def in_a_sentence(name: str) -> str:
    """Return `Phường Hải Châu` as it is written after other words: `phường Hải Châu`."""
    return name[:1].lower() + name[1:]
