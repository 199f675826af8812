"""The lists of which a rule's codes are members: communes, papers, registers, procedures, topics.

`procedures.definition` checks the form of a code; whether there is such a thing is asked here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import JSONField, Value

from citizens.enums import UnitKind
from citizens.models import AgencyKind, Register, Unit
from citizens.registers.declared import FORMATS
from citizens.registers.formats import Target
from notifications.models import Topic
from notifications.selectors import topics_naming
from procedures.definition.conditions import Leaf, leaves
from procedures.definition.predicates import PREDICATES, Codes
from procedures.definition.reading import Problem
from procedures.definition.rule import RuleDefinition
from procedures.definition.sentences import Words
from procedures.models import ProcedureVersion
from procedures.models.catalogue import in_force
from procedures.selectors.sensitive import tells_sensitive

Named = Mapping[str, Words]

# What a register's delivery stores as a paper, by the catalogue's key.
PAPERS: Named = MappingProxyType(
    {
        one.fact_kind: Words(one.name_vi, one.name_en)
        for one in FORMATS.values()
        if one.target is Target.PAPER
    }
)


def _tables() -> Iterator[tuple[str, Words]]:
    """Yield the registers' tables and fields, and those of events that a delivery tells of."""
    for one in FORMATS.values():
        table = f"{one.register}.{one.fact_kind}"
        yield table, Words(one.name_vi, one.name_en)
        for column in one.columns:
            for place in column.to.split("+"):
                if place.startswith("body."):
                    key = place.removeprefix("body.")
                    words = Words(column.label_vi.lower(), key.replace("_", " "))
                    yield f"{table}.{key}", words
                    if one.event is not None:
                        yield f"event.{key}", words


# Under ``register.kind``, ``register.kind.field`` and ``event.field``.
TABLES: Named = MappingProxyType(
    {**dict(_tables()), "event.credential_kind": Words("loại giấy tờ", "kind of paper")}
)
_OF_CITY = (UnitKind.WARD, UnitKind.COMMUNE, UnitKind.SPECIAL_ZONE)


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """Every list by code, in the order in which people look for an entry.

    `exemptions` are (procedure's code, key of the case); `naming` are the topics whose words name
    the paper where others may read them, on a telephone's screen.
    """

    units: Named
    papers: Named
    registers: Named
    procedures: Named
    topics: Named
    naming: frozenset[str]
    exemptions: Mapping[tuple[str, str], Words]
    agencies: Named
    day: date

    def of(self, codes: Codes) -> Named:
        """Return the list of which a parameter's texts are members."""
        lists = {
            Codes.UNITS: self.units,
            Codes.PAPERS: self.papers,
            Codes.REGISTERS: self.registers,
            Codes.PROCEDURES: self.procedures,
        }
        return lists[codes]

    @property
    def names(self) -> Named:
        """All names by code: the lists have no code in common."""
        cases = {f"{code}.{key}": words for (code, key), words in self.exemptions.items()}
        lists = {**self.units, **self.papers, **self.registers, **self.procedures}
        return {**lists, **cases, **TABLES}


def code_names(*, day: date) -> Named:
    """Return the names of all codes on the civil date `day`, as `KnownCodes.names`; one query."""
    none = Value(None, JSONField())
    rows = _procedure_rows(day).union(
        *(_rows(of, "code", none) for of in (_units(day).order_by(), Register.objects.order_by())),
        all=True,
    )
    names = {**PAPERS}
    for code, vi, en, exemptions in rows:
        names[code] = Words(vi, en or vi)
        for one in exemptions or ():
            names[f"{code}.{one['key']}"] = Words(one["name_vi"], one["name_en"])
    return {**names, **TABLES}


def known_codes(*, day: date) -> KnownCodes:
    """Return the lists as they stand on the civil date `day`; six queries."""
    procedures, exemptions = _procedures(day)
    return KnownCodes(
        units={code: Words(vi, en or vi) for code, vi, en in _rows(_units(day), "code")},
        papers=PAPERS,
        registers={c: Words(vi, en) for c, vi, en in _rows(Register.objects.all(), "code")},
        procedures=procedures,
        topics={key: Words(vi, en) for key, vi, en in _rows(Topic.objects.all(), "key")},
        naming=topics_naming("paper"),
        exemptions=exemptions,
        agencies={key: Words(vi, en or vi) for key, vi, en in _rows(_agencies(), "key")},
        day=day,
    )


def _units(day: date) -> Any:
    return Unit.objects.filter(valid__contains=day, kind__in=_OF_CITY).order_by("name_vi")


def _agencies() -> Any:
    return AgencyKind.objects.order_by("name_vi")


def unknown_codes(rule: RuleDefinition, known: KnownCodes) -> list[Problem]:
    """Return a problem for each code of a rule that stands in no list, with its place."""
    return list(_unknown(rule, known))


def _rows(rows: Any, key: str, *more: Any) -> Any:
    return rows.values_list(key, "name_vi", "name_en", *more)


def _procedure_rows(day: date) -> Any:
    rows = ProcedureVersion.objects.filter(in_force(day)).order_by()
    return _rows(rows, "procedure__code", "definition__exemptions")


def _procedures(day: date) -> tuple[Named, dict[tuple[str, str], Words]]:
    names: dict[str, Words] = {}
    cases: dict[tuple[str, str], Words] = {}
    for code, vi, en, exemptions in _procedure_rows(day).order_by("name_vi"):
        names[code] = Words(vi, en or vi)
        for one in exemptions or ():
            cases[code, one["key"]] = Words(one["name_vi"], one["name_en"])
    return names, cases


def _unknown(rule: RuleDefinition, known: KnownCodes) -> Iterator[Problem]:
    for at, code in enumerate(rule.units):
        if code not in known.units:
            yield _no(f"units[{at}]", code)
    for name, codes in (("credential_kind", known.papers), ("identity_kind", known.papers)):
        if (code := getattr(rule, name)) and code not in codes:
            yield _no(name, code)
    if rule.owner and rule.owner not in known.agencies:
        yield _no("owner", rule.owner)
    yield from _unfit_topic(rule, known)
    for leaf in leaves(rule.conditions):
        yield from _unknown_in(leaf, known)


def _unfit_topic(rule: RuleDefinition, known: KnownCodes) -> Iterator[Problem]:
    if rule.topic and rule.topic not in known.topics:
        yield _no("topic", rule.topic)
    if rule.topic in known.naming and tells_sensitive(rule, day=known.day):
        yield Problem(
            "topic",
            "tin nhắn của chủ đề này nêu tên giấy tờ, mà quy tắc này cho thấy hoàn cảnh hoặc"
            " sức khỏe; hãy chọn chủ đề không nêu",
            "messages of this topic name the paper, and this rule tells of poverty or health;"
            " choose a topic that does not",
        )


def _unknown_in(leaf: Leaf, known: KnownCodes) -> Iterator[Problem]:
    place = f"conditions.{leaf.path}"
    for parameter in PREDICATES[leaf.predicate].parameters:
        given = leaf.params.get(parameter.name)
        if parameter.codes is None or given is None:
            continue
        for code in given if isinstance(given, list | tuple) else [given]:
            if code not in known.of(parameter.codes):
                yield _no(f"{place}.{parameter.name}", code)
    if leaf.predicate == "exemption":
        case = (leaf.params["procedure"], leaf.params["key"])
        if case[0] in known.procedures and case not in known.exemptions:
            yield _no(f"{place}.key", case[1])


def _no(path: str, code: str) -> Problem:
    return Problem(path, f"không có {code} trong danh mục", f"{code} is in no list")
