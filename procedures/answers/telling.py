"""Conditions and their data in plain words, Vietnamese and English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from citizens.selectors import Origin
from procedures.answers.lines import NO_WORDS, Line
from procedures.answers.reading import Read
from procedures.definition.conditions import Leaf
from procedures.definition.predicates import PREDICATES, Parameter
from procedures.definition.rule_sentences import condition_in_words
from procedures.definition.sentences import Words, answered, missing_in_words

Names = Mapping[str, Words]
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_LABELS: Mapping[str, Words] = MappingProxyType(
    {
        "age": Words("ngày sinh", "born on"),
        "paper_class": Words("hạng", "class"),
        "other_credential": Words("hết hạn ngày", "valid until"),
        "event": Words("ngày xảy ra", "happened on"),
        "matter": Words("hồ sơ mở ngày", "dossier opened on"),
    }
)


def own_line(leaf: Leaf, read: Read, *, wanted: bool, names: Names) -> Line:
    """Return one of the rule's own conditions with its answer."""
    asks = _plain(leaf, names)
    return Line(
        leaf.predicate,
        leaf.path,
        asks.vi,
        asks.en,
        read.holds,
        read.shows,
        read.register,
        read.as_of,
        wanted,
        answered(asks, read.holds, missing_in_words(leaf)),
        data_in_words(_shown(leaf, read.shows), names.get(read.register, NO_WORDS), read.as_of),
    )


def _plain(leaf: Leaf, names: Names) -> Words:
    """Return a condition in words; of a register's record without the way it is kept."""
    if leaf.predicate != "record":
        return condition_in_words(leaf, names)
    register, table = leaf.params["register"], f"{leaf.params['register']}.{leaf.params['kind']}"
    named = names.get(register, Words(register, register))
    field = names.get(f"{table}.{leaf.params['field']}", Words(leaf.params["field"], "entry"))
    asked = [
        (one, leaf.params[one.name])
        for one in PREDICATES["record"].parameters
        if one.is_comparison and one.name in leaf.params
    ]
    vi = ", ".join(f"{_compared_vi(one)} {_written(value, 'hoặc')}" for one, value in asked)
    en = ", ".join(f"{one.en} {_written(value, 'or')}" for one, value in asked)
    return Words(f"{named.vi} ghi {field.vi} {vi}", f"{named.en}: {field.en} {en}")


def _compared_vi(parameter: Parameter) -> str:
    return "là" if parameter.name in ("equals", "in") else parameter.vi


def _written(value: Any, either: str) -> str:
    if isinstance(value, list | tuple):
        return f" {either} ".join(map(str, value))
    return dated(str(value))


def line(
    key: str,
    asks: Words,
    holds: bool | None,
    *,
    otherwise: Words = NO_WORDS,
    shows: str = "",
    register: str = "",
    as_of: date | None = None,
    names: Names = MappingProxyType({}),
    origin: Origin | None = None,
) -> Line:
    """Return a condition that every rule of a kind asks; `otherwise` says what is so if not."""
    says_otherwise = holds is False and otherwise != NO_WORDS
    told = otherwise if says_otherwise else answered(asks, holds)
    shown = dated(shows)
    data = data_in_words(Words(shown, shown), names.get(register, NO_WORDS), as_of)
    return Line(
        key,
        "",
        asks.vi,
        asks.en,
        holds,
        shows,
        register,
        as_of,
        told=told,
        data=data,
        origin=origin,
    )


def asked_in_words(asked: Line) -> Words:
    """Return what a condition asks for a yes: of one below a `not` that it is not the case."""
    if asked.wanted:
        return Words(asked.vi, asked.en)
    return Words(f"Không thuộc trường hợp: {asked.vi}", f"Not the case: {asked.en}")


def reason_in_words(asked: Line) -> Words:
    """Return why a condition stands in the way, as one sentence."""
    if asked.wanted or asked.holds is None:
        return asked.told
    return Words(f"Thuộc trường hợp loại trừ: {asked.vi}", f"Excluded: {asked.en}")


def data_in_words(shown: Words, register: Words, as_of: date | None) -> Words:
    """Return ``01/03/1967 (theo Cơ sở dữ liệu quốc gia về dân cư, tính đến 01/12/2026)``."""
    vi = [
        f"theo {register.vi}" if register.vi else "",
        f"tính đến {as_of:%d/%m/%Y}" if as_of else "",
    ]
    en = [f"by {register.en}" if register.en else "", f"as of {as_of:%d/%m/%Y}" if as_of else ""]
    return Words(_with_origin(shown.vi, vi), _with_origin(shown.en, en))


def _with_origin(shown: str, parts: list[str]) -> str:
    origin = ", ".join(filter(None, parts))
    if not origin:
        return shown
    return f"{shown} ({origin})" if shown else f"{origin[:1].upper()}{origin[1:]}"


def _shown(leaf: Leaf, shows: str) -> Words:
    if not shows:
        return NO_WORDS
    label = _LABELS.get(leaf.predicate, NO_WORDS)
    named = _choice(leaf, shows)
    return Words(f"{label.vi} {named.vi}".strip(), f"{label.en} {named.en}".strip())


def _choice(leaf: Leaf, shows: str) -> Words:
    """Return a value by its name where the predicate's parameters name it."""
    for parameter in PREDICATES[leaf.predicate].parameters:
        for value, vi, en in parameter.choices:
            if value == shows:
                return Words(vi, en)
    return Words(dated(shows), dated(shows))


def dated(shows: str) -> str:
    """Return a day as 31/12/2026, any other text as it is."""
    found = _DAY.fullmatch(shows)
    return "/".join(reversed(found.groups())) if found else shows
