"""A whole rule in sentences that an official reads aloud: whom it tells, when, and whom not.

Names of codes (communes, papers, procedures) are given by whoever has the lists; a code without a
name stands for itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from procedures.definition.conditions import All, AnyOf, Leaf, Not, Tree
from procedures.definition.period import Period
from procedures.definition.predicates import PREDICATES, Type
from procedures.definition.rule import RuleDefinition
from procedures.definition.sentences import Words, tree_in_words
from procedures.enums import Addressee, SubjectKind, TriggerKind

Names = Mapping[str, Words]
_NOBODY: Names = MappingProxyType({})
_EVENTS = PREDICATES["event"].parameter("kind")
EVENT_NAMES: Names = {
    value: Words(vi, en) for value, vi, en in (_EVENTS.choices if _EVENTS else ())
}
_YEAR = 2027  # any year without a 29 February: only days and months are told

_OF: Mapping[Addressee, Words] = {
    Addressee.HOLDER: Words("", ""),
    Addressee.PARENTS: Words("cha mẹ của ", "the parents of "),
    Addressee.GUARDIAN: Words("cha, mẹ hoặc người giám hộ của ", "the parents or guardian of "),
    Addressee.HOUSEHOLD_HEAD: Words("chủ hộ của ", "the head of the household of "),
    Addressee.REPRESENTATIVE: Words("người đại diện của ", "the representative of "),
    Addressee.FAMILY: Words("gia đình của ", "the family of "),
}
_WHO: Mapping[SubjectKind, Words] = {
    SubjectKind.CITIZEN: Words("người", "whoever"),
    SubjectKind.ORGANISATION: Words("tổ chức", "an organisation that"),
    SubjectKind.HOUSEHOLD: Words("hộ", "a household that"),
}

_MINOR = Words(
    " (người chưa thành niên: cha, mẹ hoặc người giám hộ)", " (for a minor: a parent or guardian)"
)
_ADULT = 18


def rule_in_sentences(rule: RuleDefinition, names: Names = _NOBODY) -> list[Words]:
    """Return what the rule does, one thought a sentence, the most important first."""
    told = [_told(rule, names), *_stages(rule), *_conditions(rule, names), *_where(rule, names)]
    return [Words(_sentence(one.vi), _sentence(one.en)) for one in told]


def condition_in_words(tree: Tree, names: Names = _NOBODY) -> Words:
    """Return a tree as one sentence, codes by their names."""
    vi = tree_in_words(_named(tree, {code: words.vi for code, words in names.items()})).vi
    en = tree_in_words(_named(tree, {code: words.en for code, words in names.items()})).en
    return Words(vi, en)


def _told(rule: RuleDefinition, names: Names) -> Words:
    if rule.kind == TriggerKind.CITIZEN_INTENT:
        return Words(
            "không tự báo cho ai: người dân tự chọn việc này khi cần",
            "nobody is told: people start this themselves when they need it",
        )
    whom, when = _whom(rule, names), _when(rule)
    return Words(f"báo cho {whom.vi} {when.vi}", f"tell {whom.en} {when.en}")


def _whom(rule: RuleDefinition, names: Names) -> Words:
    of, who, what = _OF[rule.address], _WHO[rule.subject], _concerned(rule, names)
    if rule.address == Addressee.HOUSEHOLD_HEAD and rule.subject == SubjectKind.HOUSEHOLD:
        of, who = Words("", ""), Words("chủ hộ", "the head of a household that")
    minor = _MINOR if _may_be_minor(rule) else Words("", "")
    return Words(
        f"{of.vi}{who.vi} {what.vi}{minor.vi}",
        f"{of.en}{who.en} {what.en}{minor.en}",
    )


def _may_be_minor(rule: RuleDefinition) -> bool:
    is_own = rule.address == Addressee.HOLDER and rule.subject == SubjectKind.CITIZEN
    return is_own and not (rule.ages and min(rule.ages) > _ADULT)


def _concerned(rule: RuleDefinition, names: Names) -> Words:
    """Return what is true of those whom the rule is about."""
    match rule.kind:
        case TriggerKind.AGE_MILESTONE:
            return Words(
                f"sắp đủ {_either(rule.ages, 'hoặc')} tuổi",
                f"is about to turn {_either(rule.ages, 'or')}",
            )
        case TriggerKind.LIFE_EVENT:
            return Words("mà sự kiện nói đến", "is concerned by the event")
        case TriggerKind.CALENDAR if rule.ages:
            return Words(
                f"đủ {_either(rule.ages, 'hoặc')} tuổi trong năm",
                f"turns {_either(rule.ages, 'or')} in the year",
            )
    kind = rule.credential_kind or ""
    paper = names.get(kind) or Words(rule.paper_vi or kind, rule.paper_en or kind)
    verb = "thuộc diện" if rule.subject == SubjectKind.HOUSEHOLD else "có"
    return Words(f"{verb} {_lower(paper.vi)}", f"has: {_lower(paper.en)}")


def _when(rule: RuleDefinition) -> Words:
    match rule.kind:
        case TriggerKind.CREDENTIAL_EXPIRY:
            return Words("khi giấy tờ đó sắp hết hạn", "when that paper is about to expire")
        case TriggerKind.AGE_MILESTONE:
            return Words("khi sinh nhật đó đến gần", "when that birthday is near")
        case TriggerKind.LIFE_EVENT:
            vi = [EVENT_NAMES[event].vi for event in rule.events]
            en = [EVENT_NAMES[event].en for event in rule.events]
            return Words(
                f"khi có sự kiện: {_either(vi, 'hoặc') or '…'}",
                f"when it is recorded that {_either(en, 'or') or '…'}",
            )
        case _:
            return _in_period(rule)


def _in_period(rule: RuleDefinition) -> Words:
    try:
        period = Period.parse(rule.period or "")
    except ValueError:
        return Words("vào đợt hằng năm", "in the yearly period")
    first, last = period.first_day(_YEAR), period.last_day(_YEAR)
    return Words(
        f"vào đợt hằng năm từ {first:%d/%m} đến {last:%d/%m}",
        f"in the yearly period from {first:%d/%m} to {last:%d/%m}",
    )


def _stages(rule: RuleDefinition) -> list[Words]:
    """Return when people are told, counted as an official counts: back, from the event, by date."""
    days = rule.lead_days
    if not days or not rule.is_scanned:
        return []
    told = [_moments(rule)]
    if rule.grace_days:
        told.append(
            Words(
                f"quá ngày đó vẫn còn báo thêm {rule.grace_days} ngày",
                f"for {rule.grace_days} days after that day it is still told",
            )
        )
    return told


def _moments(rule: RuleDefinition) -> Words:
    days, limit = rule.lead_days, rule.deadline_days or 0
    match rule.kind:
        case TriggerKind.LIFE_EVENT:
            after = [limit - one for one in days if limit > one]
            vi = f"nhắc sau {_either(after, 'và')} ngày" if after else "báo ngay khi biết"
            en = f"told {_either(after, 'and')} days after it" if after else "told at once"
            return Words(
                f"{vi}; việc cần làm trong {limit} ngày", f"{en}; to be done within {limit} days"
            )
        case TriggerKind.CALENDAR:
            return _dates(rule)
        case _:
            return _before(days)


def _before(days: Sequence[int]) -> Words:
    before = [one for one in days if one]
    if not before:
        return Words("nhắc đúng ngày đó", "told on that day")
    vi, en = (
        f"nhắc trước {_either(before, 'và')} ngày",
        f"told {_either(before, 'and')} days before",
    )
    if 0 in days:
        return Words(f"{vi}, và đúng ngày đó", f"{en}, and on that day")
    return Words(vi, en)


def _dates(rule: RuleDefinition) -> Words:
    try:
        last = Period.parse(rule.period or "").last_day(_YEAR)
    except ValueError:
        return Words(
            f"{_either(rule.lead_days, 'và')} ngày trước ngày cuối",
            f"{_either(rule.lead_days, 'and')} days before the last day",
        )
    days = [f"{last - timedelta(days=one):%d/%m}" for one in rule.lead_days]
    return Words(f"nhắc vào ngày {_either(days, 'và')}", f"told on {_either(days, 'and')}")


def _conditions(rule: RuleDefinition, names: Names) -> list[Words]:
    if rule.conditions is None:
        return []
    told = condition_in_words(rule.conditions, names)
    found = [Words(f"chỉ khi: {told.vi}", f"only where: {told.en}")]
    if rule.suggests_likely:
        found.append(
            Words(
                "ai chỉ còn thiếu một thông tin cũng được báo và được hỏi thêm",
                "who lacks one fact only is told too, and asked",
            )
        )
    return found


def _where(rule: RuleDefinition, names: Names) -> list[Words]:
    if not rule.units:
        return []
    found = [names.get(code, Words(code, code)) for code in rule.units]
    vi, en = ", ".join(one.vi for one in found), ", ".join(one.en for one in found)
    return [Words(f"thí điểm, chỉ tại: {vi}", f"a pilot, only in: {en}")]


def _named(tree: Tree, names: Mapping[str, str]) -> Tree:
    """Return the tree with names in the place of codes."""
    match tree:
        case All(parts):
            return All(tuple(_named(part, names) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_named(part, names) for part in parts))
        case Not(part):
            return Not(_named(part, names))
        case Leaf(params=params):
            return replace(tree, params={name: _shown(tree, name, names) for name in params})


def _shown(leaf: Leaf, name: str, names: Mapping[str, str]) -> object:
    """Return a parameter's value as people call it; a table and its fields by their register's."""
    value, parameter = leaf.params[name], PREDICATES[leaf.predicate].parameter(name)
    if parameter is None or parameter.type not in (Type.TEXT, Type.TEXTS):
        return value
    table = f"{leaf.params.get('register')}.{leaf.params.get('kind')}"
    spoken = {
        ("record", "kind"): table,
        ("record", "field"): f"{table}.{value}",
        ("event_fact", "field"): f"event.{value}",
        ("exemption", "key"): f"{leaf.params.get('procedure')}.{value}",
    }.get((leaf.predicate, name))
    if spoken:
        return names.get(spoken, value)
    if isinstance(value, list | tuple):
        return [names.get(str(one), str(one)) for one in value]
    return names.get(str(value), str(value))


def _either(values: Sequence[object], last: str) -> str:
    """Return ``60, 30 và 7``."""
    told = [str(one) for one in values]
    return f"{', '.join(told[:-1])} {last} {told[-1]}" if len(told) > 1 else "".join(told)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
