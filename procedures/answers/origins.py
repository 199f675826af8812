"""Which stored value a condition was answered from, so that people can object to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from django.db.models import Q

from citizens.enums import FactTable, PartyKind
from citizens.models import Credential, Party, RegisterRecord
from citizens.selectors import Origin
from procedures.answers.lines import FactAnswers, Line
from procedures.definition import RuleDefinition
from procedures.definition.conditions import Leaf, leaves
from procedures.enums import TriggerKind

_OF_PARTY = {PartyKind.CITIZEN: FactTable.CITIZEN, PartyKind.ORGANISATION: FactTable.ORGANISATION}
_COLUMNS = {"paper_class": "category", "other_credential": "expires_on", "status": "expires_on"}


@dataclass(frozen=True, slots=True)
class _Latest:
    """The latest paper of a kind and record of a table that the conditions look at."""

    papers: Mapping[str, int]
    records: Mapping[tuple[str, str], int]


def with_origins(
    fact: FactAnswers, *, definition: RuleDefinition, party: Party
) -> tuple[Line, ...]:
    """Return the fact's conditions with the stored value of each that has one; two queries."""
    by_path = {leaf.path: leaf for leaf in leaves(definition.conditions)}
    latest = _latest(by_path.values(), party)
    return tuple(
        line
        if line.origin is not None
        else replace(
            line,
            origin=_of_leaf(by_path[line.path], fact, definition, party, latest)
            if line.path
            else _address(line, party),
        )
        for line in fact.lines
    )


def _address(line: Line, party: Party) -> Origin | None:
    if line.key != "here" or party.kind not in _OF_PARTY:
        return None
    column = "current_address" if party.kind == PartyKind.CITIZEN else "address"
    return Origin(_OF_PARTY[PartyKind(party.kind)], party.pk, column)


def _of_leaf(
    leaf: Leaf, fact: FactAnswers, definition: RuleDefinition, party: Party, latest: _Latest
) -> Origin | None:
    params = leaf.params
    match leaf.predicate:
        case "age" if party.kind == PartyKind.CITIZEN:
            return Origin(FactTable.CITIZEN, party.pk, "birth_date")
        case "record":
            key = latest.records.get((params["register"], params["kind"]))
            return Origin(FactTable.RECORD, key, params["field"]) if key else None
        case "paper_class" if not params.get("kind"):
            is_of_paper = definition.kind == TriggerKind.CREDENTIAL_EXPIRY
            return Origin(FactTable.CREDENTIAL, fact.anchor, "category") if is_of_paper else None
        case "paper_class" | "other_credential" | "status":
            paper = latest.papers.get(params["kind"])
            return Origin(FactTable.CREDENTIAL, paper, _COLUMNS[leaf.predicate]) if paper else None
    return None


def _latest(asked: Iterable[Leaf], party: Party) -> _Latest:
    asked = list(asked)
    kinds = {
        leaf.params["kind"]
        for leaf in asked
        if leaf.predicate in _COLUMNS and "kind" in leaf.params
    }
    tables = {
        (leaf.params["register"], leaf.params["kind"])
        for leaf in asked
        if leaf.predicate == "record"
    }
    return _Latest(_papers(kinds, party), _records(tables, party))


def _papers(kinds: Iterable[str], party: Party) -> dict[str, int]:
    if not kinds:
        return {}
    rows = Credential.objects.live().filter(holder=party, kind__in=sorted(kinds))
    last = rows.order_by("kind", "-issued_on", "-pk").distinct("kind")
    return dict(last.values_list("kind", "pk"))


def _records(tables: Iterable[tuple[str, str]], party: Party) -> dict[tuple[str, str], int]:
    if not tables:
        return {}
    any_table = reduce(or_, (Q(register=register, kind=kind) for register, kind in tables))
    rows = RegisterRecord.objects.filter(any_table, subject=party)
    last = rows.order_by("register", "kind", "-as_of", "-pk").distinct("register", "kind")
    return {
        (register, kind): key for register, kind, key in last.values_list("register", "kind", "pk")
    }
