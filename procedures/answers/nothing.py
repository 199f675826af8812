"""Why there is nothing to suggest: a rule that has no fact about a party."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from citizens.enums import FactTable
from citizens.models import Credential, Party
from citizens.selectors import Origin
from procedures.answers.known import Known, known
from procedures.answers.lines import Line
from procedures.answers.telling import Names, line
from procedures.definition.rule import RuleDefinition
from procedures.definition.rule_sentences import EVENT_NAMES
from procedures.definition.sentences import Words
from procedures.detection.conditions import Delivered
from procedures.detection.facts import ScannedRule, facts_due
from procedures.detection.windows import BIRTH_SENTINELS, DueWindow
from procedures.enums import SubjectKind, TriggerKind

_ONLY_BY_WISH = (
    Words("Cổng tự tìm người cần báo", "The portal looks for those concerned by itself"),
    Words("Người dân tự chọn việc này khi cần", "People start this themselves when needed"),
)
_WHO = {
    SubjectKind.CITIZEN: Words("Quy tắc dành cho cá nhân", "The rule is about people"),
    SubjectKind.ORGANISATION: Words("Quy tắc dành cho tổ chức", "It is about organisations"),
    SubjectKind.HOUSEHOLD: Words("Quy tắc dành cho hộ gia đình", "It is about households"),
}


@dataclass(frozen=True, slots=True)
class Unmet:
    """A rule without a fact about the party; `due` is its window, None where it is not scanned."""

    rule: ScannedRule
    due: DueWindow | None

    @property
    def definition(self) -> RuleDefinition:
        """What the rule says."""
        return self.rule.definition


def known_of(party: Party, unmet: Iterable[Unmet], delivered: Delivered) -> Known:
    """Read what these rules ask of the party; those about parties of another kind ask nothing."""
    asked = [one for one in unmet if one.due and party.kind == one.definition.subject.value]
    return known(party, [one.definition for one in asked], delivered)


def why_nothing(unmet: Unmet, held: Known, names: Names) -> tuple[Line, ...]:
    """Return what is not so, or not known, of a party without a fact."""
    definition = unmet.definition
    if unmet.due is None:
        asks, otherwise = _ONLY_BY_WISH
        return (line("scanned", asks, False, otherwise=otherwise),)
    if held.party.kind != definition.subject.value:
        who = _WHO[definition.subject]
        return (line("subject", who, False, otherwise=who),)
    if definition.kind == TriggerKind.LIFE_EVENT:
        return (_no_event(definition, unmet.due, held, names),)
    if unmet.rule.is_of_births:
        return (_no_birthday(unmet.rule, unmet.due, held, names),)
    return (_no_paper(definition, held, names),)


def _no_paper(definition: RuleDefinition, held: Known, names: Names) -> Line:
    kind = str(definition.credential_kind)
    paper = names.get(kind, Words(definition.paper_vi or kind, definition.paper_en or kind))
    last = held.papers.get(kind)
    if last is None:
        asks = Words(f"Có giấy tờ: {paper.vi}", f"Holds: {paper.en}")
        none = Words(
            f"Trong dữ liệu không có giấy tờ này: {paper.vi}", f"Not on record: {paper.en}"
        )
        return line("paper", asks, False if kind in held.delivered else None, otherwise=none)
    asks, otherwise = _unfit(definition, last, is_valid=last.pk in held.valid)
    return line(
        "paper",
        Words(f"{asks.vi}: {paper.vi}", f"{asks.en}: {paper.en}"),
        False,
        otherwise=Words(f"{otherwise.vi}: {paper.vi}", f"{otherwise.en}: {paper.en}"),
        shows=str(last.expires_on or ""),
        register=last.register_id,
        as_of=last.as_of,
        names=names,
        origin=Origin(FactTable.CREDENTIAL, last.pk, "expires_on"),
    )


def _unfit(definition: RuleDefinition, last: Credential, *, is_valid: bool) -> tuple[Words, Words]:
    """Return what is asked of a paper that is there, and what is so instead."""
    if not is_valid:
        return (
            Words("Có giấy tờ còn giá trị", "Holds a paper that is valid"),
            Words("Giấy tờ không còn giá trị", "The paper is no longer valid"),
        )
    if last.expires_on is None:
        return (
            Words("Có giấy tờ có ngày hết hạn", "Holds a paper with a last day"),
            Words("Giấy tờ không có ngày hết hạn", "The paper has no last day"),
        )
    if definition.kind == TriggerKind.CREDENTIAL_EXPIRY:
        return (
            Words("Có giấy tờ chưa quá hạn nhắc", "Holds a paper that may still be told of"),
            Words(
                "Giấy tờ đã hết hạn, quá những ngày được nhắc",
                "The paper ran out, and the days on which people are told have passed",
            ),
        )
    return (
        Words("Có giấy tờ thuộc đợt này", "Holds a paper that this year's campaign is about"),
        Words("Giấy tờ không thuộc đợt này", "The campaign is not about this paper"),
    )


def _no_birthday(rule: ScannedRule, due: DueWindow, held: Known, names: Names) -> Line:
    person = held.person
    if person is None or person.died_on is not None:
        asks = Words("Còn sống", "Is living")
        died = str(person.died_on) if person else ""
        return line(
            "living",
            asks,
            False,
            otherwise=Words("Người này đã mất", "The person died"),
            shows=died,
        )
    born_on = Origin(FactTable.CITIZEN, person.pk, "birth_date")
    if person.birth_date in BIRTH_SENTINELS:
        asks = Words("Biết ngày sinh", "The birthday is known")
        return line("birthday", asks, None, origin=born_on)
    fresh = _fresh_card(rule, due, held, names)
    if fresh is not None:
        return fresh
    return line(
        "birthday",
        _ages(rule.definition, "Sắp đến mốc tuổi", "An age is near"),
        False,
        otherwise=_ages(
            rule.definition,
            "Ngày sinh không gần mốc tuổi",
            "The birthday is near none of the ages",
        ),
        shows=str(person.birth_date),
        register=person.register_id or "",
        as_of=person.as_of,
        names=names,
        origin=born_on,
    )


def _ages(definition: RuleDefinition, vi: str, en: str) -> Words:
    ages = ", ".join(map(str, definition.ages))
    return Words(f"{vi}: {ages}", f"{en}: {ages}")


def _fresh_card(rule: ScannedRule, due: DueWindow, held: Known, names: Names) -> Line | None:
    """Return the card that outlives the milestone because it was issued shortly before."""
    years = rule.definition.skip_if_issued_within_years
    card = held.papers.get(rule.definition.identity_kind or "")
    if not years or card is None:
        return None
    anyhow = replace(rule.definition, skip_if_issued_within_years=None)
    facts = facts_due(ScannedRule(rule.version, anyhow), due)
    if not facts.filter(anchor=held.party.pk).exists():
        return None
    return line(
        "fresh_card",
        Words(
            f"Thẻ không phải vừa được cấp trong {years} năm trước mốc tuổi",
            f"The card was not issued within the {years} years before that age",
        ),
        False,
        otherwise=Words(
            f"Thẻ được cấp trong {years} năm trước mốc tuổi nên dùng được đến mốc tiếp theo",
            f"The card was issued within the {years} years before that age: it lasts to the next",
        ),
        shows=str(card.issued_on),
        register=card.register_id,
        as_of=card.as_of,
        names=names,
        origin=Origin(FactTable.CREDENTIAL, card.pk, "issued_on"),
    )


def _no_event(definition: RuleDefinition, due: DueWindow, held: Known, names: Names) -> Line:
    kinds = ", ".join(EVENT_NAMES[kind].vi for kind in definition.events)
    in_english = ", ".join(EVENT_NAMES[kind].en for kind in definition.events)
    last = held.last_event(definition.events)
    asks = Words(f"Có sự kiện: {kinds}", f"It was recorded that {in_english}")
    if last is None:
        is_told = not held.delivered.isdisjoint(definition.events)
        none = Words(
            f"Không có sự kiện nào được ghi nhận: {kinds}", f"Nothing on record: {in_english}"
        )
        return line("event", asks, False if is_told else None, otherwise=none)
    since = due.first - timedelta(days=definition.deadline_days or 0)
    return line(
        "event",
        Words(
            f"{asks.vi}, từ ngày {since:%d/%m/%Y} đến nay",
            f"{asks.en}, since {since:%d/%m/%Y}",
        ),
        False,
        otherwise=Words(
            f"Không có sự kiện từ ngày {since:%d/%m/%Y} đến nay: {kinds}",
            f"Nothing on record since {since:%d/%m/%Y}: {in_english}",
        ),
        shows=str(last.occurred_on),
        register=last.register_id,
        as_of=last.as_of,
        names=names,
    )
