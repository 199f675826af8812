"""What people have besides a family: numbers, phones, sensitive data, the day of their death."""

from __future__ import annotations

from datetime import date
from random import Random

from citizens.enums import Gender
from portal.demo.journeys import WAYS
from portal.demo.names import Weighted
from portal.demo.people import is_newborn
from portal.demo.plan import PHONE_RANGE, PROVINCE_OF_PIN, Person, Population, days

_ETHNICITY = Weighted("Kinh 985, Hoa 6, Cơ Tu 4, Co 2, Xơ Đăng 3")
_HIGHLAND_ETHNICITY = Weighted("Cơ Tu 420, Xơ Đăng 200, Giẻ Triêng 130, Co 40, Mnông 60, Kinh 150")
_RELIGION = Weighted("Không 860, Phật giáo 85, Công giáo 40, Cao Đài 10, Tin Lành 5")
_BLOOD = Weighted("O 43, B 30, A 21, AB 6")

_DIED = 0.015
_APP, _ZALO, _EMAIL = 0.05, 0.04, 0.06  # most people have neither, so that their SMS goes at once


def give_pins(population: Population) -> None:
    """Give everybody but newborns a number of the right form; serials count up, so all differ."""
    for serial, person in enumerate(population.people):
        if not is_newborn(person, population.on):
            person.pin = pin_of(person.born, person.gender, serial)


def pin_of(born: date, gender: Gender, serial: int) -> str:
    """Return 12 digits: province, century and sex (0/1 = 1900s), two of the year, serial."""
    century = (born.year // 100 - 19) * 2 + (gender == Gender.FEMALE)
    return f"{PROVINCE_OF_PIN}{century}{born:%y}{serial % 1_000_000:06d}"


def give_phones(population: Population, random: Random) -> None:
    """Give phones: nearly every adult one's own, couples and elders sometimes a shared one."""
    people = population.people
    for at, person in enumerate(people):
        if person.phone is None and random.random() < _phone_share(person, population.on):
            person.phone = f"{PHONE_RANGE}{at:07d}"
            person.has_app = random.random() < _APP
            person.has_zalo = random.random() < _ZALO
            person.email = f"nguoi{at}@demo.invalid" if random.random() < _EMAIL else None
    for at, ways in WAYS.items():
        people[at].has_app, people[at].has_zalo = "app" in ways, "zalo" in ways
        people[at].email = f"nguoi{at}@demo.invalid" if "email" in ways else None
    for person in people:
        other = _shares_with(population, person)
        if other is not None and person.phone is None and not person.settled:
            person.phone = other.phone
            person.shared_phone = other.shared_phone = True


def _phone_share(person: Person, on: date) -> float:
    age = person.age_on(on)
    if person.settled:
        return 1.0 if age >= 18 else 0.0
    if age < 15:
        return 0.0
    return 0.4 if age < 18 else 0.93 if age < 70 else 0.5


def _shares_with(population: Population, person: Person) -> Person | None:
    """Return whose phone somebody without one uses: the spouse's, else the head's of the house."""
    if person.age_on(population.on) < 18:
        return None
    head = population.homes[person.home].members[0]
    at = person.spouse if person.spouse is not None else head
    other = population.people[at]
    return other if other is not person and other.phone else None


def give_sensitive(population: Population, random: Random) -> None:
    """Give ethnicity, religion and a blood type; children have their father's, else mother's."""
    for person in population.people:
        parent = person.father if person.father is not None else person.mother
        if parent is not None and population.people[parent].sensitive:
            ethnicity = population.people[parent].sensitive["ethnicity"]
        else:
            shares = _HIGHLAND_ETHNICITY if person.place.highland else _ETHNICITY
            ethnicity = shares.draw(random)
        person.sensitive = {"ethnicity": ethnicity, "religion": _RELIGION.draw(random)}
        if person.settled or random.random() < 0.7:
            person.sensitive["blood_type"] = _BLOOD.draw(random)


def let_die(population: Population, random: Random) -> None:
    """Let some people have died within the last three years, the old more often."""
    for person in population.people:
        age = person.age_on(population.on)
        chance = _DIED * (8 if age > 75 else 2 if age > 55 else 0.2)
        if not person.settled and age > 0 and random.random() < chance:
            died = population.on - days(random.randint(70, 1000))
            person.died = max(died, person.born)
