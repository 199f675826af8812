"""Conditions in words that a citizen understands, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procedures.definition.conditions import All, AnyOf, Leaf, Not, Tree
from procedures.definition.predicates import PREDICATES, Parameter, Type


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    vi: str
    en: str


def leaf_in_words(leaf: Leaf) -> Words:
    """Return what a predicate asks: "Tuổi từ đủ 60 tính vào ngày đến hạn"."""
    predicate = PREDICATES[leaf.predicate]
    given = [
        (one, leaf.params[one.name]) for one in predicate.parameters if one.name in leaf.params
    ]
    vi = ", ".join(filter(None, (_given(one, value, "vi") for one, value in given)))
    en = ", ".join(filter(None, (_given(one, value, "en") for one, value in given)))
    return Words(predicate.vi.format(given=vi), predicate.en.format(given=en))


def answered(asks: Words, holds: bool | None, missing: Words | None = None) -> Words:
    """Return what is asked with its answer: true, not true, or not known and what is missing."""
    if holds is None:
        vi, en = (f" ({missing.vi})", f" ({missing.en})") if missing else ("", "")
        return Words(f"Chưa biết: {asks.vi}{vi}", f"Not known: {asks.en}{en}")
    vi, en = ("Đúng", "True") if holds else ("Không đúng", "Not true")
    return Words(f"{vi}: {asks.vi}", f"{en}: {asks.en}")


def missing_in_words(leaf: Leaf) -> Words:
    """Return which fact is missing where a predicate cannot be answered."""
    predicate = PREDICATES[leaf.predicate]
    return Words(predicate.missing_vi, predicate.missing_en)


def tree_in_words(tree: Tree) -> Words:
    """Return the whole tree as one sentence with its brackets."""
    match tree:
        case Leaf():
            return leaf_in_words(tree)
        case Not(part):
            inner = tree_in_words(part)
            return Words(f"không phải ({inner.vi})", f"not ({inner.en})")
        case All(parts):
            return _joined(parts, " và ", " and ")
        case AnyOf(parts):
            return _joined(parts, " hoặc ", " or ")


def _joined(parts: tuple[Tree, ...], vi: str, en: str) -> Words:
    told = [tree_in_words(part) for part in parts]
    nested = [isinstance(part, All | AnyOf) and len(parts) > 1 for part in parts]
    return Words(
        vi.join(f"({one.vi})" if deep else one.vi for one, deep in zip(told, nested, strict=True)),
        en.join(f"({one.en})" if deep else one.en for one, deep in zip(told, nested, strict=True)),
    )


def _given(parameter: Parameter, value: Any, language: str) -> str:
    label = parameter.vi if language == "vi" else parameter.en
    return f"{label} {_value(parameter, value, language)}"


def _value(parameter: Parameter, value: Any, language: str) -> str:
    names: Mapping[str, str] = {
        key: vi if language == "vi" else en for key, vi, en in parameter.choices
    }
    if parameter.type == Type.DAY:
        year, month, day = value.split("-")
        return f"{day}/{month}/{year}"
    if isinstance(value, list | tuple):
        either = " hoặc " if language == "vi" else " or "
        return either.join(names.get(one, str(one)) for one in value)
    return names.get(value, str(value))
