"""The few people whose story is fixed, because somebody signs in as them (see `accounts`).

lan:  70, her class B licence runs out in 60 days; everything is known, only her choice is missing.
minh: father of a child born five days ago and of one who needs a card at 14 in eight weeks.
hoa:  a young doctor whose practice licence must be filed for in the coming weeks.
tai:  represents a cooperative with fifty badges, some of which may be renewed now.
"""

from __future__ import annotations

from random import Random

from citizens.enums import Gender
from portal.demo.names import Name
from portal.demo.people import House
from portal.demo.places import living_places
from portal.demo.plan import Place, Population, anniversary, days

LAN, MINH, THU_HA, GIA_BAO, HOA, TAI = range(6)
PEOPLE = 6
# By which ways besides SMS they are reached: the others' notices go out by SMS at once.
WAYS: dict[int, tuple[str, ...]] = {
    LAN: (),
    MINH: ("zalo",),
    THU_HA: (),
    HOA: ("app",),
    TAI: ("email",),
}
WARD = "20242"  # phường Hải Châu, in the middle of the city


def ward(code: str = WARD) -> Place:
    """Return the ward in which they live."""
    return next(place for place in living_places() if place.code == code)


def settle_journeys(population: Population, random: Random) -> None:
    """Add the fixed people, first of all, so that their places in the list are known."""
    place = ward()
    on = population.on
    lan = House(population, random, place)
    lan.add("Chủ hộ", Gender.FEMALE, anniversary(on, -70) - days(150), name=_name("Trần Thị Lan"))
    minh = House(population, random, place)
    father = minh.add("Chủ hộ", Gender.MALE, anniversary(on, -38), name=_name("Nguyễn Văn Minh"))
    mother = minh.add("Vợ", Gender.FEMALE, anniversary(on, -35), name=_name("Lê Thu Hà"))
    minh.marry(father, mother)
    birthday = anniversary(on + days(58), -14)
    minh.child(birthday, father, mother, Gender.MALE, _name("Nguyễn Gia Bảo"))
    hoa = House(population, random, place)
    hoa.add("Chủ hộ", Gender.FEMALE, anniversary(on, -31) - days(40), name=_name("Phạm Khánh Hoa"))
    tai = House(population, random, place)
    tai.add("Chủ hộ", Gender.MALE, anniversary(on, -49) - days(10), name=_name("Võ Đình Tài"))
    for person in population.people[:PEOPLE]:
        person.settled = True


def _name(full: str) -> Name:
    return Name(*full.split())
