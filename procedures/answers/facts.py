"""One fact's row of answers put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from procedures.answers.lines import NO_WORDS, FactAnswers, Line
from procedures.answers.telling import Names, line, own_line
from procedures.definition.conditions import Leaf
from procedures.definition.sentences import Words
from procedures.definition.stated import in_the_way, of_cost, reasons
from procedures.detection.facts import ScannedRule
from procedures.enums import Answer

Key = tuple[int, int]
_GENERAL: Mapping[str, tuple[Words, Words]] = MappingProxyType(
    {
        "here": (
            Words(
                "Đang sinh sống (có trụ sở) tại địa bàn, thuộc phạm vi áp dụng",
                "Lives (has its seat) here, where the rule applies",
            ),
            NO_WORDS,
        ),
        "no_dossier": (
            Words(
                "Chưa có hồ sơ đang giải quyết của thủ tục này",
                "No dossier of this procedure is open",
            ),
            Words(
                "Đã có hồ sơ đang giải quyết của thủ tục này",
                "A dossier of this procedure is open already",
            ),
        ),
        "in_share": (
            Words(
                "Thuộc nhóm được áp dụng trước trong đợt thử",
                "Belongs to those with whom the new version begins",
            ),
            NO_WORDS,
        ),
    }
)
_REACHED = Words(
    "Có người nhận thông báo (còn sống, đủ tuổi, không từ chối nhận)",
    "Somebody can be told (living, of age, not opted out)",
)
_STOPPED = Words(
    "Không ai nhận thông báo: đã từ chối nhận tin về việc này",
    "Nobody is told: news of this kind was declined",
)
_NOBODY = Words(
    "Không có ai đủ điều kiện nhận thông báo (còn sống, đủ tuổi, đang ở địa bàn)",
    "Nobody can be told (living, of age, living here)",
)


@dataclass(frozen=True, slots=True)
class Asking:
    """What the facts of one rule and party have in common.

    `told` says who would be told of each fact, `states` what its suggestion came to; `has_stopped`
    says that the party itself declined news of the rule's topic.
    """

    rule: ScannedRule
    day: date
    names: Names
    told: Mapping[Key, tuple[int, ...]]
    states: Mapping[Key, str]
    has_stopped: bool


def fact_answers(row: Mapping[str, Any], asking: Asking) -> FactAnswers:
    """Return a fact's answers of the columns that were read of it."""
    definition = asking.rule.definition
    key = (row["anchor"], row["cycle"])
    recipients = asking.told.get(key, ())
    opens_on = row["due_on"] - timedelta(days=definition.open_days_before)
    general = _general(row, asking, is_told=bool(recipients))
    own = _own(row, asking)
    answer = of_cost(row["c_missing"])
    fits = answer == Answer.YES or (answer == Answer.LIKELY and definition.suggests_likely)
    return FactAnswers(
        *key,
        row["due_on"],
        opens_on,
        answer,
        fits and opens_on <= asking.day and all(one.holds for one in general),
        (*general, *own.values()),
        recipients,
        (*(one for one in general if not one.holds), *_in_the_way(row, asking, own)),
        asking.states.get(key),
    )


def _general(row: Mapping[str, Any], asking: Asking, *, is_told: bool) -> tuple[Line, ...]:
    lines = [
        line(key, asks, row[f"c_{key}"], otherwise=otherwise)
        for key, (asks, otherwise) in _GENERAL.items()
        if f"c_{key}" in row
    ]
    nobody = _STOPPED if asking.has_stopped else _NOBODY
    return (*lines, line("reached", _REACHED, is_told, otherwise=nobody))


def _own(row: Mapping[str, Any], asking: Asking) -> dict[str, Line]:
    """Return the rule's own conditions by their place in the tree."""
    tree = asking.rule.definition.conditions
    if tree is None:
        return {}
    values = _values(row)
    return {
        reason.leaf.path: own_line(
            reason.leaf, values[number], wanted=reason.wanted, names=asking.names
        )
        for number, reason in enumerate(reasons(tree, lambda _leaf: None))
    }


def _values(row: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """Return what was read of each condition, by its number from the left."""
    found: dict[int, dict[str, Any]] = {}
    for column, value in row.items():
        number, _, part = column.removeprefix("c").partition("_")
        if number.isdigit():
            found.setdefault(int(number), {})[part or "holds"] = value
    return found


def _in_the_way(row: Mapping[str, Any], asking: Asking, own: Mapping[str, Line]) -> list[Line]:
    tree = asking.rule.definition.conditions
    if tree is None or not row["c_missing"]:
        return []

    def value_of(leaf: Leaf) -> bool | None:
        return own[leaf.path].holds

    return [own[reason.leaf.path] for reason in in_the_way(tree, value_of)]
