"""What has happened to the people lately: at least twenty for every event of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil
from random import Random

from citizens.enums import CredentialStatus, Gender
from citizens.enums import LifeEventKind as Kind
from portal.demo import journeys
from portal.demo.plan import (
    Event,
    Holder,
    Mandate,
    Person,
    Population,
    Record,
    Whose,
    anniversary,
    days,
)
from portal.demo.stages import LEAST

_CLINIC = "Bệnh viện Phụ sản - Nhi Đà Nẵng"
_LOST_KINDS = ("driving_licence", "citizen_identity_card", "veterinary_certificate")


class Chronicle:
    """Adds the events of one population."""

    def __init__(self, population: Population, random: Random) -> None:
        self.population, self.random = population, random
        self.people = population.people
        self.on = population.on
        self.count = max(LEAST, ceil(len(self.people) * 0.002))

    def deaths(self) -> None:
        """Let people have died in the last days (notified) and weeks (registered)."""
        old = [
            at
            for at, person in enumerate(self.people)
            if not person.settled and person.died is None and person.age_on(self.on) >= 60
        ]
        self.random.shuffle(old)
        for turn, at in enumerate(old[: 2 * self.count]):
            registered = turn >= self.count
            self._death(at, registered, self.random.randint(20, 60) if registered else turn % 14)

    def _death(self, at: int, registered: bool, ago: int) -> None:
        person = self.people[at]
        person.died = self.on - days(ago)
        kind = Kind.DEATH_REGISTERED if registered else Kind.DEATH_NOTIFIED
        self._event(kind, "CIVIL" if registered else "HEALTH", at, ago)
        body = {
            "code": f"BT{at:07d}",
            "time": f"{person.died.isoformat()}T07:30",
            "place": f"Tại nhà, {person.address}",
            "cause": "Tuổi già",
        }
        self._record(at, "HEALTH", "death_notice", body)
        if registered:
            self._record(at, "CIVIL", "death", {"number": f"{at % 900 + 1}/{self.on.year}"})

    def happen(self) -> None:
        """Add every other event."""
        self.births_notified()
        self.births_registered()
        self.permits()
        self.losses()
        self.moves_and_shocks()
        self.marriages()

    def births_notified(self) -> None:
        """Tell of births whose child nobody has registered yet: a mother, mostly a father."""
        mothers = [
            at
            for at, person in enumerate(self.people)
            if person.gender == Gender.FEMALE
            and person.is_adult_on(self.on)
            and person.age_on(self.on) <= 44
            and (person.spouse is None or self.people[person.spouse].died is None)
        ]
        self.random.shuffle(mothers)
        mothers = [at for at in mothers if at != journeys.THU_HA][: self.count]
        for turn, mother in enumerate([journeys.THU_HA, *mothers]):
            self._birth(mother, 5 if mother == journeys.THU_HA else turn * 7 % 58)

    def _birth(self, mother: int, ago: int) -> None:
        roles = [("mother", mother)]
        father = self.people[mother].spouse
        if father is not None:
            roles.append(("father", father))
        self._event(Kind.BIRTH_NOTIFIED, "HEALTH", mother, ago, roles)
        body = {
            "code": f"CS{mother:07d}",
            "birth_date": (self.on - days(ago)).isoformat(),
            "gender": "Nữ" if mother == journeys.THU_HA or mother % 2 else "Nam",
            "facility": _CLINIC,
            "weight_g": 3100,
        }
        self._record(mother, "HEALTH", "birth_notice", body)

    def births_registered(self) -> None:
        """Tell of the youngest children: registered, without residence and card."""
        young = sorted(
            (person.born, at)
            for at, person in enumerate(self.people)
            if person.mother is not None and person.died is None
        )
        for born, child in young[-self.count :]:
            person = self.people[child]
            roles = [("child", child), ("mother", person.mother or 0)]
            if person.father is not None:
                roles.append(("father", person.father))
            self._event(Kind.BIRTH_REGISTERED, "CIVIL", child, (self.on - born).days, roles)

    def permits(self) -> None:
        """Tell of the construction permits of the last four months, and of some before."""
        permits = [p for p in self.population.papers if p.kind == "construction_permit"]
        permits.sort(key=lambda paper: paper.issued, reverse=True)
        for number, paper in enumerate(permits):
            ago = (self.on - paper.issued).days
            if ago <= 120 or number < self.count:
                self._event(Kind.CONSTRUCTION_PERMIT_ISSUED, "LOCAL", paper.holder.at, ago)

    def losses(self) -> None:
        """Let people lose papers that have a procedure for it."""
        for kind in _LOST_KINDS:
            papers = [
                paper
                for paper in self.population.papers
                if paper.kind == kind
                and paper.holder.at >= journeys.PEOPLE
                and self.people[paper.holder.at].is_adult_on(self.on)
                and (paper.expires is None or (paper.expires - self.on).days > 300)
            ]
            self.random.shuffle(papers)
            papers = list({paper.holder: paper for paper in papers}.values())
            share = self.count if len(papers) > 4 * self.count else max(LEAST // 2, 20)
            for turn, paper in enumerate(papers[:share]):
                paper.status = CredentialStatus.LOST
                self._event(
                    Kind.CREDENTIAL_LOST_OR_DAMAGED,
                    paper.register,
                    paper.holder.at,
                    turn % 30,
                    key=kind,
                    body={"credential_kind": kind},
                )

    def moves_and_shocks(self) -> None:
        """Let heads of households have moved in, lost income, begun a business, or got by again."""
        for kind, register, at in self._drawn(
            (Kind.MOVED, "NPD"),
            (Kind.INCOME_SHOCK_OR_DISASTER, "POV"),
            (Kind.BUSINESS_REGISTERED, "BUS"),
            (Kind.HOUSEHOLD_STATUS_CHANGED, "POV"),
        ):
            self._event(kind, register, at, self.random.randint(1, 40))

    def _drawn(self, *kinds: tuple[Kind, str]) -> Iterator[tuple[Kind, str, int]]:
        heads = [home.members[0] for home in self.population.homes]
        for kind, register in kinds:
            fitting = [
                at for at in heads if at >= journeys.PEOPLE and self.people[at].is_adult_on(self.on)
            ]
            self.random.shuffle(fitting)
            yield from ((kind, register, at) for at in fitting[: self.count])

    def marriages(self) -> None:
        """Tell of the latest marriages among couples without children."""
        couples = [
            (at, person.spouse)
            for at, person in enumerate(self.people)
            if person.spouse is not None
            and person.gender == Gender.MALE
            and person.is_adult_on(self.on)
            and self.people[person.spouse].died is None
        ]
        couples.sort(key=lambda pair: self.people[pair[0]].born, reverse=True)
        for turn, (husband, wife) in enumerate(couples[: self.count]):
            roles = [("spouse", husband), ("spouse", wife)]
            self._event(Kind.MARRIAGE, "CIVIL", husband, turn % 60, roles)

    def _event(
        self,
        kind: Kind,
        register: str,
        at: int,
        ago: int,
        roles: list[tuple[str, int]] | None = None,
        *,
        key: str = "",
        body: dict[str, str] | None = None,
    ) -> None:
        person: Person = self.people[at]
        parties = roles or [("subject", at)]
        self.population.events.append(
            Event(
                kind,
                register,
                f"{kind}-{key}-{at}" if key else f"{kind}-{at}",
                self.on - days(ago),
                person.place,
                [(role, Holder(Whose.PERSON, party)) for role, party in parties],
                body or {},
            )
        )

    def _record(self, at: int, register: str, kind: str, body: Mapping[str, object]) -> None:
        holder = Holder(Whose.PERSON, at)
        self.population.records.append(Record(holder, register, kind, f"{at}", dict(body)))


def mandates_over_minors(population: Population) -> None:
    """Let living parents act for their children until these are 18; else an elder of the house."""
    for at, person in enumerate(population.people):
        end = anniversary(person.born, 18)
        if person.died is not None or end <= population.on:
            continue
        parents = [
            parent
            for parent in (person.father, person.mother)
            if parent is not None and population.people[parent].died is None
        ]
        holder = Holder(Whose.PERSON, at)
        for parent in parents:
            population.mandates.append(Mandate(parent, holder, "parent", person.born, end))
        if not parents:
            for elder in population.homes[person.home].members:
                if population.people[elder].is_adult_on(population.on):
                    population.mandates.append(
                        Mandate(elder, holder, "guardian", population.on - days(30), end)
                    )
                    break
