"""Cards, passports and licences of the people, and the badges of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil
from random import Random
from typing import Any

from portal.demo import journeys
from portal.demo.names import Weighted, pick
from portal.demo.places import in_a_sentence
from portal.demo.plan import Holder, Paper, Person, Population, Whose, anniversary, days
from portal.demo.stages import LEAD_DAYS, LEAST, expiries

TRAFFIC_POLICE = "Cục Cảnh sát giao thông"
IMMIGRATION = "Cục Quản lý xuất nhập cảnh"
IDENTITY_POLICE = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
CITY = "thành phố Đà Nẵng"

# Classes that run out, with their years (Luật 36/2024/QH15 art. 57) and their shares here.
_CLASSES = Weighted("B 52, B2 26, C1 5, C 9, D 3, D2 2, CE 3")
_YEARS = {"B": 10, "B2": 10, "C1": 10, "C": 5, "D": 5, "D2": 5, "CE": 5}
_MILESTONES = (14, 25, 40, 60)
_CHIP_CARDS_FROM = date(2021, 1, 1)
_TITLES = Weighted("Bác sỹ 40, Điều dưỡng 34, Y sỹ 12, Hộ sinh 6, Kỹ thuật y 8")
_SCOPES = {
    "Bác sỹ": ("Đa khoa", "Nội khoa", "Nhi khoa", "Răng hàm mặt"),
    "Điều dưỡng": ("Điều dưỡng",),
    "Y sỹ": ("Đa khoa", "Y học cổ truyền"),
    "Hộ sinh": ("Hộ sinh",),
    "Kỹ thuật y": ("Xét nghiệm y học", "Hình ảnh y học"),
}
_VET_KINDS = ("Tiêm phòng", "Khám bệnh, chẩn đoán, phẫu thuật, xét nghiệm", "Buôn bán thuốc thú y")
_VET_DEGREES = ("Bác sĩ thú y", "Kỹ sư chăn nuôi thú y", "Trung cấp thú y")


class Desk:
    """Issues papers into a population; serials make every number unique."""

    def __init__(self, population: Population, random: Random) -> None:
        self.population, self.random = population, random
        self.people = population.people
        self.on = population.on
        self.adults = population.adults()
        self._serial = 0

    def issue_all(self) -> None:
        """Give everybody their papers."""
        self.journeys()
        self.identity_cards()
        self.driving_licences()
        self.passports()
        self.practice()
        self.construction_permits()
        self.poor_households()

    def serial(self) -> int:
        """Return the next serial."""
        self._serial += 1
        return self._serial

    def person(self, at: int, kind: str, register: str, number: str, **facts: Any) -> Paper:
        """Add a paper of a person."""
        paper = Paper(Holder(Whose.PERSON, at), kind, register, number, **facts)
        self.population.papers.append(paper)
        return paper

    def holders(self, count: int, youngest: int, eldest: int) -> list[int]:
        """Return up to `count` different living adults of an age, never the fixed people."""
        fitting = [
            at
            for at in self.adults
            if at >= journeys.PEOPLE and youngest <= self.people[at].age_on(self.on) <= eldest
        ]
        self.random.shuffle(fitting)
        return fitting[:count]

    def dead(self, count: int) -> list[int]:
        """Return up to `count` of the dead: their papers must not make anybody write to them."""
        return [at for at, person in enumerate(self.people) if person.died is not None][:count]

    # ------------------------------------------------------------------ one kind after another

    def journeys(self) -> None:
        """Give the fixed people the papers that their stories are about."""
        self.licence(journeys.LAN, "B", self.on + days(60))
        self.licence(journeys.MINH, "B2", self.on + days(1900))
        self.medical(journeys.HOA, self.on + days(118), "Bác sỹ", "Nhi khoa")
        for at in (journeys.LAN, journeys.MINH, journeys.THU_HA, journeys.HOA, journeys.TAI):
            self.card(at)

    def identity_cards(self) -> None:
        """Give everybody from 14 a card that is good until the next milestone."""
        for at, person in enumerate(self.people):
            if at >= journeys.PEOPLE and person.pin and person.age_on(self.on) >= 14:
                self.card(at)
            elif at >= journeys.PEOPLE and person.pin and self.random.random() < 0.1:
                issued = self.on - days(self.random.randint(1, 500))
                if issued > person.born:
                    self._card(at, issued, anniversary(person.born, 14))

    def card(self, at: int) -> None:
        """Give one person of 14 or more the card of their age."""
        person, random = self.people[at], self.random
        reached = [anniversary(person.born, age) for age in _MILESTONES]
        past = [day for day in reached if day <= self.on]
        if not past:
            return
        just = (self.on - past[-1]).days
        if just < 40 or (just < 300 and random.random() < 0.3):
            past.pop()  # the milestone has come and the old card is still in use
        if not past:
            return
        first = max(past[-1], _CHIP_CARDS_FROM)
        last = min([*[day for day in reached if day > past[-1]][:1], self.on])
        span = max((last - days(800) - first).days, 1)
        issued = min(first + days(random.random() * span), self.on)
        if not person.settled and random.random() < 0.04 and last > first:
            issued = last - days(random.random() * 600)  # anew, shortly before a milestone
        issued = max(issued, past[-1])
        following = [day for day in reached if day > issued and (day - issued).days > 730]
        self._card(at, issued, following[0] if following else None)

    def _card(self, at: int, issued: date, expires: date | None) -> None:
        person = self.people[at]
        issued = min(issued, person.died or issued)
        self.person(
            at,
            "citizen_identity_card",
            "NPD",
            person.pin or "",
            issued=issued,
            expires=expires,
            issuer=IDENTITY_POLICE,
        )

    def driving_licences(self) -> None:
        """Give a third of the adults a car licence that runs out, half one that does not."""
        holders = self.holders(ceil(len(self.adults) * 0.3), 30, 74)
        stages = LEAD_DAYS["driving_licence"]
        for at, expires in zip(
            holders, expiries(self.random, self.on, len(holders), stages, years=9.5), strict=True
        ):
            self.licence(at, _CLASSES.draw(self.random), expires)
        for at in self.dead(LEAST):
            self.licence(at, "B", self.on + days(self.random.choice((60, 30, 7))))
        for at in self.holders(ceil(len(self.adults) * 0.5), 19, 80):
            issued = self.on - days(self.random.randint(30, 12000))
            issued = max(issued, anniversary(self.people[at].born, 18))
            self._licence(at, "A1", issued, None)

    def licence(self, at: int, category: str, expires: date) -> None:
        """Give one car licence; where the class lasts shorter, it was issued later."""
        issued = anniversary(expires, -_YEARS[category])
        if issued > self.on:
            issued = anniversary(expires, -10)
        self._licence(at, category, issued, expires)

    def _licence(self, at: int, category: str, issued: date, expires: date | None) -> None:
        self.person(
            at,
            "driving_licence",
            "GPLX",
            f"999{self.serial():09d}",
            issued=issued,
            expires=expires,
            issuer=TRAFFIC_POLICE,
            category=category,
        )

    def passports(self) -> None:
        """Give a seventh of the adults a passport of ten years, some children one of five."""
        holders = self.holders(ceil(len(self.adults) * 0.14), 24, 80)
        dates = expiries(self.random, self.on, len(holders), LEAD_DAYS["passport"], years=9.5)
        for at, expires in zip(holders, dates, strict=True):
            self._passport(at, anniversary(expires, -10), expires)
        for at, person in enumerate(self.people):
            travels = 5 < person.age_on(self.on) < 13 and self.random.random() < 0.04
            if travels and person.died is None and person.pin:
                issued = self.on - days(self.random.randint(30, 1780))
                self._passport(at, issued, anniversary(issued, 5))

    def _passport(self, at: int, issued: date, expires: date) -> None:
        self.person(
            at,
            "passport",
            "XNC",
            f"X{self.serial():07d}",
            issued=issued,
            expires=expires,
            issuer=IMMIGRATION,
        )

    def practice(self) -> None:
        """Give doctors, guides and veterinarians their licences of five years."""
        on, random = self.on, self.random
        medical = self.holders(self._size(0.008, "medical_practice_licence"), 29, 66)
        for at, expires in self._dated(medical, "medical_practice_licence"):
            title = _TITLES.draw(random)
            self.medical(at, expires, title, pick(random, _SCOPES[title]))
        guides = self.holders(self._size(0.006, "tour_guide_card"), 26, 62)
        for at, expires in self._dated(guides, "tour_guide_card"):
            self.person(
                at,
                "tour_guide_card",
                "TOUR",
                f"9{self.serial():08d}",
                issued=anniversary(expires, -5),
                expires=expires,
                issuer=f"Sở Văn hóa, Thể thao và Du lịch {CITY}",
                details={"kind": pick(random, ("Quốc tế", "Nội địa"))},
            )
        vets = self.holders(self._size(0.004, "veterinary_certificate"), 28, 66)
        for at, expires in self._dated(vets, "veterinary_certificate"):
            self.person(
                at,
                "veterinary_certificate",
                "VET",
                f"{self.serial():05d}/{on.year - 5}/CCHN-TY",
                issued=anniversary(expires, -5),
                expires=expires,
                issuer=f"Sở Nông nghiệp và Môi trường {CITY}",
                details={"kind": pick(random, _VET_KINDS), "degree": pick(random, _VET_DEGREES)},
            )

    def medical(self, at: int, expires: date, title: str, scope: str) -> None:
        """Give one practice licence."""
        self.person(
            at,
            "medical_practice_licence",
            "HEALTH",
            f"{self.serial():06d}/DNA-GPHN",
            issued=anniversary(expires, -5),
            expires=expires,
            issuer=f"Sở Y tế {CITY}",
            details={"title": title, "scope": scope},
        )

    def _size(self, share: float, kind: str) -> int:
        """Return how many papers of a rare kind there are: enough to show every stage."""
        return max(ceil(len(self.people) * share), 3 * LEAST)

    def _dated(self, holders: Sequence[int], kind: str) -> list[tuple[int, date]]:
        dates = expiries(self.random, self.on, len(holders), LEAD_DAYS[kind], years=4.8)
        return list(zip(holders, dates, strict=True))

    def construction_permits(self) -> None:
        """Give some owners a permit that lapses when work does not start within a year."""
        kind = "construction_permit"
        owners = self.holders(self._size(0.012, kind), 27, 70)
        dates = expiries(self.random, self.on, len(owners), LEAD_DAYS[kind], years=0.95)
        for at, expires in zip(owners, dates, strict=True):
            person: Person = self.people[at]
            issued = anniversary(expires, -1)
            self.person(
                at,
                kind,
                "LOCAL",
                f"{self.serial():05d}/GPXD",
                issued=issued,
                expires=expires,
                issuer=f"Ủy ban nhân dân {in_a_sentence(person.place.name)}",
                place=person.place,
                details={"address": person.address, "kind": "Nhà ở riêng lẻ"},
            )

    def poor_households(self) -> None:
        """Recognise some households as poor or near-poor until the end of the year."""
        for at, home in enumerate(self.population.homes):
            share = 0.2 if home.place.highland else 0.02
            if at > journeys.PEOPLE and self.random.random() < share:
                self.population.papers.append(self._poor(at, home.place.name))

    def _poor(self, at: int, unit: str) -> Paper:
        issued = date(self.on.year - 1, 12, 15)
        return Paper(
            Holder(Whose.HOME, at),
            "poor_household_status",
            "POV",
            f"HN{self.serial():07d}",
            issued,
            date(self.on.year, 12, 31),
            f"Ủy ban nhân dân {in_a_sentence(unit)}",
            category=pick(self.random, ("Hộ nghèo", "Hộ cận nghèo")),
            place=self.population.homes[at].place,
        )
