"""Households with their people: couples, children, twins, elders, three generations."""

from __future__ import annotations

from datetime import date
from random import Random

from citizens.enums import BirthPrecision, Gender
from portal.demo.names import Name, draw_family, draw_name, pick
from portal.demo.places import draw_address, living_places
from portal.demo.plan import Home, Person, Place, Population, anniversary, days

_KINDS = ("family", "elders_with_family", "couple", "elder", "elder_couple", "single_parent", "one")
_SHARES = (50, 15, 9, 6, 7, 7, 6)
_TWINS = 0.012
_ONLY_A_YEAR = 0.4
_NO_PIN_BEFORE = 45  # days until a newborn's number is given


def settle(population: Population, random: Random, citizens: int) -> None:
    """Add households until there are `citizens` people."""
    places = living_places()
    while len(population.people) < citizens:
        place = pick(random, places)
        kind = random.choices(_KINDS, weights=_SHARES)[0]
        House(population, random, place, limit=citizens).fill(kind)


class House:
    """Fills one household with people; every method adds to the population."""

    def __init__(
        self, population: Population, random: Random, place: Place, *, limit: int = 10**9
    ) -> None:
        self.population, self.random, self.place = population, random, place
        self.limit = limit
        self.home = Home(place, draw_address(random, place))
        self.at = len(population.homes)
        population.homes.append(self.home)

    @property
    def room(self) -> int:
        """How many more people the population takes."""
        return self.limit - len(self.population.people)

    def fill(self, kind: str) -> None:
        """Add the people of a household of this kind, as many as there is room for."""
        if self.room < 2:
            self.add("Chủ hộ", self._gender(), self._born(18, 90))
        elif kind == "one":
            self.add("Chủ hộ", self._gender(), self._born(19, 45))
        elif kind == "elder":
            self.add("Chủ hộ", self._gender(), self._born(60, 97))
        elif kind in {"couple", "elder_couple"}:
            self.couple(*((60, 90) if kind == "elder_couple" else (22, 61)))
        else:
            self._family(kind)

    def _family(self, kind: str) -> None:
        if kind == "single_parent":
            self.children(None, self.add("Chủ hộ", Gender.FEMALE, self._born(21, 52)))
            return
        father, mother = self.couple(22, 61)
        if kind == "elders_with_family" and self.room:
            self._grandmother(father)
        self.children(father, mother)

    def couple(self, youngest: int, eldest: int) -> tuple[int, int]:
        """Add husband and wife; the husband is the head and a little older."""
        husband = self.add("Chủ hộ", Gender.MALE, self._born(youngest, eldest))
        born = self.population.people[husband].born + days(self.random.gauss(900, 900))
        latest = anniversary(self.population.on, -19)
        wife = self.add("Vợ", Gender.FEMALE, min(born, latest))
        self.marry(husband, wife)
        return husband, wife

    def marry(self, husband: int, wife: int) -> None:
        """Make two people of the house husband and wife."""
        self.population.people[husband].spouse = wife
        self.population.people[wife].spouse = husband

    def _grandmother(self, son: int) -> None:
        child = self.population.people[son]
        born = anniversary(child.born, -self.random.randint(20, 33))
        mother = self.add("Mẹ", Gender.FEMALE, born)
        child.mother = mother

    def children(self, father: int | None, mother: int) -> None:
        """Add the children of a couple who still live with them."""
        parents = [self.population.people[at] for at in (father, mother) if at is not None]
        of_age = max(anniversary(parent.born, 20) for parent in parents)
        born = of_age + days(self.random.random() * 2600)
        for _ in range(self.random.choices((0, 1, 2, 3), weights=(14, 34, 42, 10))[0]):
            if born >= self.population.on or not self.room:
                return
            if self.population.on.year - born.year < 24:
                self._birth(born, father, mother)
            born += days(self.random.randint(600, 2200))

    def _birth(self, born: date, father: int | None, mother: int) -> None:
        """Add one child, or twins where there is room."""
        twins = self.room > 1 and self.random.random() < _TWINS
        for _ in range(2 if twins else 1):
            self.child(born, father, mother).is_twin = twins

    def child(
        self,
        born: date,
        father: int | None,
        mother: int | None,
        gender: Gender | None = None,
        name: Name | None = None,
    ) -> Person:
        """Add a child that bears the father's family name, else the mother's."""
        parent = father if father is not None else mother
        family = self.population.people[parent].name.family if parent is not None else None
        at = self.add("Con", gender or self._gender(), born, family=family, name=name)
        person = self.population.people[at]
        person.father, person.mother = father, mother
        return person

    def add(
        self,
        role: str,
        gender: Gender,
        born: date,
        *,
        family: str | None = None,
        name: Name | None = None,
    ) -> int:
        """Add one person to the house and return their place in the list."""
        family = family or draw_family(self.random, highland=self.place.highland)
        age = self.population.on.year - born.year
        person = Person(
            name=name or draw_name(self.random, gender=gender, age=age, family=family),
            gender=gender,
            born=born,
            place=self.place,
            home=self.at,
            role=role if self.home.members else "Chủ hộ",
            address=self.home.address,
        )
        if age >= 78 and name is None and self.random.random() < _ONLY_A_YEAR:
            person.precision, person.born = BirthPrecision.YEAR, date(born.year, 1, 1)
        at = len(self.population.people)
        self.population.people.append(person)
        self.home.members.append(at)
        return at

    def _gender(self) -> Gender:
        return Gender.FEMALE if self.random.random() < 0.505 else Gender.MALE

    def _born(self, youngest: int, eldest: int) -> date:
        """Return a birth date that gives an age in whole years within the bounds."""
        last = anniversary(self.population.on, -youngest)
        first = anniversary(self.population.on, -eldest - 1) + days(1)
        return first + days(self.random.random() * ((last - first).days + 1))


def is_newborn(person: Person, on: date) -> bool:
    """Return whether the person is too young to have been given a number."""
    return (on - person.born).days < _NO_PIN_BEFORE
