"""What was read of one fact, put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from citizens.enums import FactTable
from citizens.selectors import Origin
from procedures.answers.lines import NO_WORDS, FactAnswers, Line
from procedures.answers.reading import Key, Row
from procedures.answers.telling import Names, data_in_words, dated, line, own_line
from procedures.definition import RuleDefinition
from procedures.definition.conditions import Leaf
from procedures.definition.rule_sentences import EVENT_NAMES
from procedures.definition.sentences import Words
from procedures.definition.stated import in_the_way, of_cost, reasons
from procedures.detection.facts import ScannedRule
from procedures.enums import Answer, SuggestionState, TriggerKind

_GENERAL: Mapping[str, tuple[Words, Words]] = MappingProxyType(
    {
        "here": (
            Words(
                "Đang sinh sống (có trụ sở) tại địa bàn, thuộc phạm vi áp dụng",
                "Lives (has its seat) here, where the rule applies",
            ),
            Words(
                "Không sinh sống (không có trụ sở) tại địa bàn, hoặc ngoài phạm vi áp dụng",
                "Does not live (has no seat) here, or where the rule does not apply",
            ),
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
            Words(
                "Chưa thuộc nhóm được áp dụng trước trong đợt thử",
                "Does not belong to those with whom the new version begins",
            ),
        ),
    }
)
# Whether a telephone or an app is known is looked at when the message leaves, not here.
_REACHED = Words(
    "Có người để báo tin: còn sống, đủ tuổi, không từ chối (chưa xét số điện thoại)",
    "There is somebody to tell: living, of age, not opted out (telephone not looked at)",
)
_STOPPED = Words(
    "Không ai nhận thông báo: đã từ chối nhận tin về việc này",
    "Nobody is told: news of this kind was declined",
)
_NOBODY = Words(
    "Không có ai đủ điều kiện nhận thông báo (còn sống, đủ tuổi, đang ở địa bàn)",
    "Nobody can be told (living, of age, living here)",
)


# Kinds whose fact follows from one stored value, which can be contested.
_FROM_A_VALUE = (TriggerKind.CREDENTIAL_EXPIRY, TriggerKind.AGE_MILESTONE)


_LABELS: Mapping[str, Words] = MappingProxyType(
    {
        "birth_date": Words("ngày sinh", "born on"),
        "expires_on": Words("hết hạn ngày", "valid until"),
        TriggerKind.LIFE_EVENT: Words("ngày xảy ra", "happened on"),
        TriggerKind.CALENDAR: Words("hết hạn ngày", "valid until"),
    }
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


def fact_answers(row: Row, asking: Asking) -> FactAnswers:
    """Return a fact's answers of what was read of it."""
    definition = asking.rule.definition
    recipients = asking.told.get(row.key, ())
    opens_on = row.due_on - timedelta(days=definition.open_days_before)
    general = _general(row, asking, is_told=bool(recipients))
    own = _own(row, asking)
    answer = of_cost(row.missing)
    fits = answer == Answer.YES or (answer == Answer.LIKELY and definition.suggests_likely)
    return FactAnswers(
        *row.key,
        row.due_on,
        opens_on,
        answer,
        fits and opens_on <= asking.day and all(one.holds for one in general),
        (*general, *own.values()),
        recipients,
        (*(one for one in general if not one.holds), *_in_the_way(row, asking, own)),
        asking.states.get(row.key),
    )


def _general(row: Row, asking: Asking, *, is_told: bool) -> tuple[Line, ...]:
    # A bundle's dossiers may be of other procedures than the one that it begins with.
    is_handled = asking.states.get(row.key) == SuggestionState.ACCEPTED
    read = {
        "here": row.here,
        "no_dossier": row.no_dossier and not is_handled,
        "in_share": row.in_share,
    }
    lines = [
        line(key, asks, read[key], otherwise=otherwise)
        for key, (asks, otherwise) in _GENERAL.items()
        if read[key] is not None
    ]
    home = data_in_words(
        Words(row.home.shows, row.home.shows),
        asking.names.get(row.home.register, NO_WORDS),
        row.home.as_of,
    )
    here = replace(lines[0], register=row.home.register, as_of=row.home.as_of, data=home)
    nobody = _STOPPED if asking.has_stopped else _NOBODY
    reached = line("reached", _REACHED, is_told, otherwise=nobody)
    return (_source(row, asking), here, *lines[1:], reached)


def _source(row: Row, asking: Asking) -> Line:
    """Return what the fact is: a paper's last day, an age, an event, a campaign."""
    definition, source = asking.rule.definition, row.source
    table, key, column = FactTable.CREDENTIAL, row.anchor, "expires_on"
    if asking.rule.is_of_births:
        table, key, column = FactTable.CITIZEN, row.anchor, "birth_date"
    is_stored = definition.kind in _FROM_A_VALUE or asking.rule.is_of_births
    label = _LABELS[column if is_stored else definition.kind]
    day = dated(source.shows)
    told = line(
        "fact",
        _what(definition, row, asking.names),
        True,
        shows=source.shows,
        register=source.register,
        as_of=source.as_of,
        origin=Origin(table, key, column) if is_stored else None,
    )
    shown = Words(f"{label.vi} {day}", f"{label.en} {day}") if day else NO_WORDS
    register = asking.names.get(source.register, NO_WORDS)
    return replace(told, data=data_in_words(shown, register, source.as_of))


def _what(definition: RuleDefinition, row: Row, names: Names) -> Words:
    paper = names.get(str(definition.credential_kind), NO_WORDS)
    match definition.kind:
        case TriggerKind.CREDENTIAL_EXPIRY:
            return Words(f"Có giấy tờ hết hạn: {paper.vi}", f"Holds a paper that ends: {paper.en}")
        case TriggerKind.AGE_MILESTONE:
            day = f"{row.due_on:%d/%m/%Y}"
            return Words(f"Đủ {row.cycle} tuổi ngày {day}", f"Turns {row.cycle} on {day}")
        case TriggerKind.LIFE_EVENT:
            told = [EVENT_NAMES[kind] for kind in definition.events]
            vi, en = " / ".join(one.vi for one in told), " / ".join(one.en for one in told)
            return Words(f"Có sự kiện: {vi}", f"It was recorded that {en}")
    if definition.ages:
        ages = ", ".join(map(str, definition.ages))
        return Words(f"Đủ {ages} tuổi trong năm {row.cycle}", f"Turns {ages} in {row.cycle}")
    return Words(f"Thuộc diện: {paper.vi}", f"Is on the list: {paper.en}")


def _own(row: Row, asking: Asking) -> dict[str, Line]:
    """Return the rule's own conditions by their place in the tree."""
    tree = asking.rule.definition.conditions
    if tree is None:
        return {}
    asked = reasons(tree, lambda _leaf: None)
    return {
        reason.leaf.path: own_line(reason.leaf, read, wanted=reason.wanted, names=asking.names)
        for reason, read in zip(asked, row.own, strict=True)
    }


def _in_the_way(row: Row, asking: Asking, own: Mapping[str, Line]) -> list[Line]:
    tree = asking.rule.definition.conditions
    if tree is None or not row.missing:
        return []

    def value_of(leaf: Leaf) -> bool | None:
        return own[leaf.path].holds

    return [own[reason.leaf.path] for reason in in_the_way(tree, value_of)]
