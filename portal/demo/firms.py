"""Transport cooperatives and companies, their representatives, vehicles and badges."""

from __future__ import annotations

from datetime import date
from math import ceil
from random import Random
from typing import Any

from portal.demo import journeys
from portal.demo.names import pick
from portal.demo.places import draw_address
from portal.demo.plan import (
    Firm,
    Holder,
    Mandate,
    Paper,
    Place,
    Population,
    Record,
    Whose,
    anniversary,
    days,
)
from portal.demo.stages import LEAD_DAYS, LEAST, days_left

BADGES_OF_A_COOPERATIVE = 50
_COOPERATIVES = 3
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_KINDS = ("Xe hợp đồng", "Xe taxi", "Xe tải", "Xe tuyến cố định", "Xe buýt")
_BRANDS = ("Hyundai", "Thaco", "Toyota", "Ford", "Isuzu")
_FIRM_NAMES = ("Sông Hàn", "Thu Bồn", "Ngũ Hành", "Trường Giang", "Bà Nà", "Hội An", "Vu Gia")
_ISSUER = "Sở Xây dựng thành phố Đà Nẵng"


def tax_code(serial: int) -> str:
    """Return ten digits whose last one checks the others; no province's code begins with 99."""
    body = f"99{serial:07d}"
    weighed = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, body, strict=True))
    return f"{body}{(10 - weighed % 11) % 10}"


def found_firms(population: Population, random: Random) -> None:
    """Add the organisations; the first is Tài's cooperative, at least 24 have a badge due now."""
    bosses = [at for at in population.adults() if at >= journeys.PEOPLE]
    random.shuffle(bosses)
    count = min(max(LEAST + 2, ceil(len(population.people) / 500)), len(bosses))
    for number, boss in enumerate([journeys.TAI, *bosses[: count - 1]]):
        place = population.people[boss].place
        big = number < _COOPERATIVES
        kind = "Hợp tác xã vận tải" if big else "Công ty TNHH vận tải"
        name = f"{kind} {pick(random, _FIRM_NAMES)} {number + 1}"
        address = draw_address(random, place)
        population.firms.append(Firm(name, tax_code(number + 1), place, address, boss))
        badges = BADGES_OF_A_COOPERATIVE if big else random.randint(3, 12)
        _Fleet(population, random, number).grow(badges)


class _Fleet:
    """The vehicles of one organisation with a badge each, and its transport licence."""

    def __init__(self, population: Population, random: Random, number: int) -> None:
        self.population, self.random, self.number = population, random, number
        self.holder = Holder(Whose.FIRM, number)
        self.place: Place = population.firms[number].place

    def grow(self, badges: int) -> None:
        """Add licence, mandate, vehicles and badges; every eighth badge or so is due now."""
        population, on = self.population, self.population.on
        boss = population.firms[self.number].boss
        population.mandates.append(
            Mandate(boss, self.holder, "representative", anniversary(on, -3))
        )
        licence = f"{self.number + 1:05d}/GPKDVT"
        self._paper("transport_business_licence", licence, on - days(1500), None, {})
        due = max(1, badges // 8)
        for turn in range(badges):
            self._vehicle(turn, licence, self._left(turn) if turn < due else None)

    def _left(self, turn: int) -> int:
        """Return the days left of a badge that is due: one stage after another."""
        stages = LEAD_DAYS["transport_badge"]
        stage = stages[(self.number + turn) % len(stages)]
        return days_left(self.random, stages, stage, exact=turn % 2 == 0)

    def _vehicle(self, turn: int, licence: str, left: int | None) -> None:
        random, on = self.random, self.population.on
        plate = f"43{pick(random, 'ABCD')}-9{self.number:02d}.{turn:02d}"
        vehicle = {
            "plate": plate,
            "brand": pick(random, _BRANDS),
            "seats": pick(random, (5, 7, 16, 29, 45)),
            "made_in": random.randint(on.year - 12, on.year - 1),
            "owned": True,
        }
        key = f"{self.number}-{turn}"
        self.population.records.append(Record(self.holder, "TRANS", "vehicle", key, vehicle))
        expires = on + days(random.randint(30, 2400) if left is None else left)
        kind = pick(random, _KINDS)
        details = {"kind": kind, "plate": plate, "licence": licence}
        issued = min(anniversary(expires, -random.randint(1, 7)), on)
        number = f"PH{self.number:03d}{turn:04d}"
        paper = self._paper("transport_badge", number, issued, expires, details)
        paper.category = kind

    def _paper(
        self, kind: str, number: str, issued: date, expires: date | None, details: dict[str, Any]
    ) -> Paper:
        paper = Paper(
            self.holder,
            kind,
            "TRANS",
            number,
            issued,
            expires,
            _ISSUER,
            place=self.place,
            details=details,
        )
        self.population.papers.append(paper)
        return paper
