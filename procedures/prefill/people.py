"""Values about people: columns of the population register, sensitive data, family, household."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from citizens.enums import FactTable
from citizens.models import Citizen
from citizens.selectors import Origin
from citizens.selectors.stored_values import birth_text
from procedures.prefill.facts import Facts
from procedures.prefill.papers import paper_value, record_value
from procedures.prefill.values import (
    NATIONALITY_VI,
    Found,
    address_text,
    as_text,
    from_register,
    gender_vi,
    people_text,
    person_text,
)

_COLUMNS: Mapping[str, Callable[[Citizen], Any]] = {
    "full_name": lambda person: person.full_name,
    "birth_date": birth_text,
    "gender": gender_vi,
    "pin": lambda person: person.pin,
    "current_address": lambda person: address_text(person.current_address, person.unit),
    "permanent_address": lambda person: address_text(person.permanent_address, person.unit),
    "residence": lambda person: address_text(person.permanent_address, person.unit),
    "record": person_text,
}
# The stored columns that such a value is; the others are composed of several.
_STORED = {"residence": "permanent_address", "record": None}
# Other names that paths give to the people of a form.
_ALIASES = {"father_of_child": "father", "mother_of_child": "mother"}
_PARTS = (
    "father",
    "mother",
    "spouse",
    "guardian",
    "child",
    "deceased",
    "household_head",
    "requester",
)
_KINSHIP_VI = {
    ("spouse", "male"): "Chồng",
    ("spouse", "female"): "Vợ",
    ("father", "male"): "Cha",
    ("mother", "female"): "Mẹ",
}


def population_value(steps: Sequence[str], facts: Facts, person: Citizen | None) -> Found | None:
    """Return what the population register (NPD) says under a path, starting from `person`."""
    part, *rest = steps
    part = _ALIASES.get(part, part)
    if part in _PARTS:
        return _about(facts.people.get(part), rest, facts)
    if part.startswith("household_"):
        return _household_value(part, facts)
    if part == "relation_to_head":
        return _relation_to_head(facts, person)
    if part == "relation":
        return _relation_to_deceased(facts)
    return None if person is None else _attribute(steps, facts, person)


def _about(person: Citizen | None, rest: Sequence[str], facts: Facts) -> Found | None:
    if person is None:
        return None
    if not rest:
        return from_register(person_text(person), person.register_id, person.as_of)
    if rest == ["parents"]:
        return _parents(facts, person)
    return _attribute(rest, facts, person)


def _attribute(steps: Sequence[str], facts: Facts, person: Citizen) -> Found | None:
    """Return an attribute of a person: a column, sensitive data, a card, or a record's value."""
    name = steps[0]
    if name in _COLUMNS and len(steps) == 1:
        return from_register(
            _COLUMNS[name](person), person.register_id, person.as_of, _origin(person, name)
        )
    path = ".".join(("NPD", *steps))
    return (
        _sensitive(name, facts, person)
        or paper_value(path, facts, person)
        or record_value(path, facts, [person.pk])
        or (_nationality(person) if name == "nationality" else None)
    )


def _origin(person: Citizen, name: str) -> Origin | None:
    column = _STORED.get(name, name)
    return None if column is None else Origin(FactTable.CITIZEN, person.pk, column)


def _sensitive(name: str, facts: Facts, person: Citizen) -> Found | None:
    row = facts.sensitive.get(person.pk)
    if row is None:
        return None
    return from_register(row.body.get(name), person.register_id, row.as_of)


def _nationality(person: Citizen) -> Found | None:
    """Only Vietnamese citizens are given a personal number (Luật 26/2023/QH15)."""
    if person.pin_index is None:
        return None
    return from_register(NATIONALITY_VI, person.register_id, person.as_of)


def joining_child(facts: Facts) -> Citizen | None:
    """Return the child that is to join the household of the parent who files, None for others."""
    parents = [facts.people.get(part) for part in ("father", "mother")]
    is_childs = facts.person is not None and facts.person == facts.people.get("child")
    homeless = all(member.citizen_id != facts.subject.pk for member in facts.members)
    joins = is_childs and homeless and bool(facts.members) and facts.people["applicant"] in parents
    return facts.person if joins else None


def _household_value(part: str, facts: Facts) -> Found | None:
    if not facts.members:
        return None
    child = joining_child(facts)
    if child is not None and part == "household_members":  # who lives there changes nothing
        return from_register(person_text(child), child.register_id, child.as_of)
    as_of = facts.members[0].household.as_of
    people = [(member.citizen, member.relation_to_head) for member in facts.members]
    values = {"household_members": people_text(people), "household_size": len(people)}
    return from_register(values.get(part), "NPD", as_of)


def _relation_to_head(facts: Facts, person: Citizen | None) -> Found | None:
    for member in facts.members:
        if person is not None and member.citizen_id == person.pk:
            return from_register(member.relation_to_head, "NPD", member.household.as_of)
    return _child_of_head(facts, person)


def _child_of_head(facts: Facts, person: Citizen | None) -> Found | None:
    """Return what a child is to the head of the home that it is to be registered in."""
    head = facts.people.get("household_head")
    parents = [facts.people[part] for part in ("father", "mother") if part in facts.people]
    if head is None or person is None or head not in parents:
        return None
    return from_register("Con", person.register_id, person.as_of)


def _relation_to_deceased(facts: Facts) -> Found | None:
    """Return what the applicant is to the deceased, where the form is about the deceased."""
    for part in ("spouse", "father", "mother"):
        person = facts.people.get(part)
        if "deceased" in facts.people and person and person.pk == facts.applicant.pk:
            word = _KINSHIP_VI.get((part, person.gender))
            return from_register(word, person.register_id, person.as_of)
    child = facts.applicant
    if "deceased" in facts.people and child.pk in facts.children:
        return from_register("Con", child.register_id, child.as_of)
    return None


def _parents(facts: Facts, child: Citizen) -> Found | None:
    """Return the parents of the child that the form is about, one a line."""
    subject = facts.person
    if subject is None or subject.pk != child.pk:
        return None
    lines = [
        f"{word}: {person_text(facts.people[part])}"
        for part, word in (("father", "Cha"), ("mother", "Mẹ"))
        if part in facts.people
    ]
    return from_register(as_text(lines), child.register_id, child.as_of)
