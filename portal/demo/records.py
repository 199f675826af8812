"""What the registers hold about people beyond their papers: the catalogue's prefill paths."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any

from citizens.enums import Gender
from portal.demo import journeys
from portal.demo.names import Weighted, pick
from portal.demo.places import CITY_NAME, in_a_sentence, living_places
from portal.demo.plan import Holder, Paper, Person, Population, Record, Whose, anniversary, days

_ELSEWHERE = ("thành phố Huế", "tỉnh Quảng Ngãi", "tỉnh Nghệ An", "tỉnh Quảng Trị", "tỉnh Gia Lai")
_NO_CHECK = frozenset({"A1", "A", "B1"})
_BENEFITS = Weighted(
    "Không 70, Hưởng lương hưu hoặc trợ cấp BHXH 18, Người có công 4, "
    "Trợ cấp xã hội hoặc hưu trí xã hội 8"
)
_CLINICS = ("Bệnh viện Đà Nẵng", "Trung tâm Y tế Hải Châu", "Bệnh viện Đa khoa Quảng Nam")


class Archive:
    """Adds the records of one population."""

    def __init__(self, population: Population, random: Random) -> None:
        self.population, self.random = population, random
        self.people = population.people
        self.on = population.on
        self.units = sorted({place.name for place in living_places()})

    def fill(self) -> None:
        """Add every kind of record."""
        for at, person in enumerate(self.people):
            self.person(at, person)
            self.child(at, person)
            self.benefits(at, person)
        for paper in self.population.papers:
            self.beside(paper)
        self.land()

    def add(self, at: int, register: str, kind: str, body: dict[str, Any], key: str = "") -> None:
        """Add a record about a person; `key` tells several of one kind apart."""
        holder = Holder(Whose.PERSON, at)
        self.population.records.append(Record(holder, register, kind, f"{at}{key}", body))

    def person(self, at: int, person: Person) -> None:
        """Add what the population register knows: nationality, places, marital status."""
        born_in = pick(self.random, self.units)
        local = self.random.random() < 0.85
        hometown = (
            f"{in_a_sentence(born_in)}, {CITY_NAME}" if local else pick(self.random, _ELSEWHERE)
        )
        if person.father is not None:
            hometown = f"{in_a_sentence(person.place.name)}, {CITY_NAME}"
        body = {
            "nationality": "Việt Nam",
            "hometown": hometown,
            "place_of_birth": hometown,
            "birth_registration_place": f"Ủy ban nhân dân {in_a_sentence(born_in)}",
            "marital_status": "Đã kết hôn" if person.spouse is not None else "Chưa kết hôn",
        }
        self.add(at, "NPD", "person", body)
        if person.spouse is not None:
            self._marriage(at, person)
        elif person.age_on(self.on) >= 18:
            self.add(at, "CIVIL", "marital_status", {"status": "Chưa kết hôn"})

    def _marriage(self, at: int, person: Person) -> None:
        other = person.spouse or 0
        first, second = min(at, other), max(at, other)
        married = anniversary(max(person.born, self.people[other].born), 20)
        body = {
            "number": f"{first % 900 + 1}/{married.year}",
            "date": min(married + days(first % 1500), self.on).isoformat(),
            "place": f"Ủy ban nhân dân {in_a_sentence(person.place.name)}",
            "husband": self.people[first].name.full,
            "wife": self.people[second].name.full,
        }
        if person.gender == Gender.FEMALE and first == at:
            body["husband"], body["wife"] = body["wife"], body["husband"]
        self.add(at, "CIVIL", "marriage", body)

    def child(self, at: int, person: Person) -> None:
        """Add the birth record of a child, and school data before grade 1."""
        age = self.on.year - person.born.year
        if age > 16:
            return
        place = in_a_sentence(person.place.name)
        self.add(
            at,
            "CIVIL",
            "birth",
            {
                "number": f"{at % 900 + 1}/{person.born.year}",
                "order": self._order(at, person),
                "place": pick(self.random, _CLINICS),
                "registration_place": f"Ủy ban nhân dân {place}",
            },
        )
        if 5 <= age <= 6:
            body = {"catchment": f"Trường Tiểu học {place}", "kindergarten": f"Mầm non {place}"}
            self.add(at, "EDU", "pupil", body)

    def _order(self, at: int, person: Person) -> int:
        """Return which child of the house this one is."""
        members = self.population.homes[person.home].members
        return sum(1 for other in members if other <= at and self.people[other].role == "Con")

    def benefits(self, at: int, person: Person) -> None:
        """Add what the insurance pays the old."""
        if person.age_on(self.on) >= 58:
            self.add(at, "INS", "member", {"kind": _BENEFITS.draw(self.random)})

    def beside(self, paper: Paper) -> None:
        """Add what must lie beside a paper when it is renewed."""
        at, kind = paper.holder.at, paper.kind
        if kind == "driving_licence":
            self._driver_check(at, paper)
        elif kind == "medical_practice_licence":
            hours = 130 if at == journeys.HOA else self.random.randint(40, 180)
            self.add(at, "HEALTH", "cme", {"hours": hours})
            self._health_check(at, kind)
        elif kind == "veterinary_certificate":
            self._health_check(at, kind)
        elif kind == "tour_guide_card" and self.random.random() < 0.7:
            day = self.on - days(self.random.randint(10, 300))
            self.add(at, "TOUR", "training", {"number": f"BD{at:06d}", "date": day.isoformat()})
        elif kind == "poor_household_status":
            body = {"status": paper.category, "certificate": paper.number, "year": self.on.year}
            record = Record(paper.holder, "POV", "household", f"home-{at}", body)
            self.population.records.append(record)

    def _driver_check(self, at: int, paper: Paper) -> None:
        """Add the driver's health check to most licences that must be renewed soon."""
        soon = paper.expires is not None and (paper.expires - self.on).days <= 100
        if not soon or paper.category in _NO_CHECK:
            return
        if at == journeys.LAN or self.random.random() < 0.7:
            day = self.on - days(self.random.randint(5, 90))
            facts = {"number": f"KSK-{at:07d}", "date": day.isoformat(), "place": _CLINICS[0]}
            self.add(at, "HEALTH", "driver_check", facts)

    def _health_check(self, at: int, beside: str) -> None:
        day = self.on - days(self.random.randint(5, 150))
        facts = {"number": f"GKSK-{at:07d}", "date": day.isoformat(), "place": _CLINICS[1]}
        self.add(at, "HEALTH", "health_check", facts, key=f"-{beside}")

    def land(self) -> None:
        """Add the land of two heads of a household in five."""
        for home in self._owning_homes():
            parcel = (
                f"Thửa số {self.random.randint(1, 900)}, tờ bản đồ số {self.random.randint(1, 60)}"
            )
            body = {
                "parcel": parcel,
                "area": round(self.random.uniform(60, 320), 1),
                "address": self.population.homes[home].address,
                "number": f"CN{home:08d}",
            }
            self.add(self.population.homes[home].members[0], "LAND", "certificate", body)

    def _owning_homes(self) -> Iterable[int]:
        for at, _home in enumerate(self.population.homes):
            if at < 2 or self.random.random() < 0.4:
                yield at
