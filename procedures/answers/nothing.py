"""Why there is nothing to suggest: a rule that has no fact about a party."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from citizens.models import Citizen, Credential, LifeEvent, Party
from procedures.answers.lines import Line
from procedures.answers.telling import Names, line
from procedures.definition.rule import RuleDefinition
from procedures.definition.rule_sentences import EVENT_NAMES
from procedures.definition.sentences import Words
from procedures.detection.conditions.asking import is_delivered
from procedures.detection.facts import ScannedRule, facts_due
from procedures.detection.windows import BIRTH_SENTINELS, DueWindow
from procedures.enums import SubjectKind, TriggerKind


def why_nothing(rule: ScannedRule, party: Party, due: DueWindow, names: Names) -> tuple[Line, ...]:
    """Return what is not so, or not known, of a party without a fact due in `due`."""
    definition = rule.definition
    if not definition.is_scanned:
        return (_only_by_wish(),)
    if party.kind != definition.subject.value:
        return (_of_another_kind(definition),)
    if definition.kind == TriggerKind.LIFE_EVENT:
        return (_no_event(definition, party, due, names),)
    if rule.is_of_births:
        return (_no_birthday(rule, party, due, names),)
    return (_no_paper(definition, party, names),)


def _only_by_wish() -> Line:
    asks = Words("Cổng tự tìm người cần báo", "The portal looks for those concerned by itself")
    told = Words("Người dân tự chọn việc này khi cần", "People start this themselves when needed")
    return line("scanned", asks, False, otherwise=told)


def _of_another_kind(definition: RuleDefinition) -> Line:
    who = {
        SubjectKind.CITIZEN: Words("Quy tắc dành cho cá nhân", "The rule is about people"),
        SubjectKind.ORGANISATION: Words("Quy tắc dành cho tổ chức", "It is about organisations"),
        SubjectKind.HOUSEHOLD: Words("Quy tắc dành cho hộ gia đình", "It is about households"),
    }
    told = who[definition.subject]
    return line("subject", told, False, otherwise=told)


def _no_paper(definition: RuleDefinition, party: Party, names: Names) -> Line:
    kind = str(definition.credential_kind)
    paper = names.get(kind, Words(definition.paper_vi or kind, definition.paper_en or kind))
    papers = Credential.objects.of_kind(kind).filter(holder=party)
    last = papers.order_by("-issued_on", "-pk").first()
    if last is None:
        asks = Words(f"Có giấy tờ: {paper.vi}", f"Holds: {paper.en}")
        return line("paper", asks, False if is_delivered(kind) else None)
    shown, says = str(last.expires_on or ""), ("nhắc", "of which people are told")
    if not Credential.objects.live().filter(pk=last.pk).exists():
        shown, says = "", ("còn giá trị", "that is valid")
    elif last.expires_on is None:
        says = ("có ngày hết hạn", "with a last day")
    elif definition.kind == TriggerKind.CREDENTIAL_EXPIRY:
        says = ("chưa quá hạn nhắc", "that is not past the days on which people are told")
    return line(
        "paper",
        Words(f"Có giấy tờ {says[0]}: {paper.vi}", f"Holds a paper {says[1]}: {paper.en}"),
        False,
        shows=shown,
        register=last.register_id,
        as_of=last.as_of,
        names=names,
    )


def _no_birthday(rule: ScannedRule, party: Party, due: DueWindow, names: Names) -> Line:
    person = Citizen.objects.get(party=party)
    if person.died_on is not None:
        return line("living", Words("Còn sống", "Is living"), False, shows=str(person.died_on))
    if person.birth_date in BIRTH_SENTINELS:
        return line("birthday", Words("Biết ngày sinh", "The birthday is known"), None)
    fresh = _fresh_card(rule, party, due, names)
    if fresh is not None:
        return fresh
    ages = ", ".join(map(str, rule.definition.ages))
    return line(
        "birthday",
        Words(f"Sắp đến một mốc tuổi: {ages}", f"An age is near: {ages}"),
        False,
        shows=str(person.birth_date),
        register=person.register_id or "",
        as_of=person.as_of,
        names=names,
    )


def _fresh_card(rule: ScannedRule, party: Party, due: DueWindow, names: Names) -> Line | None:
    """Return the card that outlives the milestone because it was issued shortly before."""
    years = rule.definition.skip_if_issued_within_years
    if not years or not rule.definition.identity_kind:
        return None
    anyhow = replace(rule.definition, skip_if_issued_within_years=None)
    facts = facts_due(ScannedRule(rule.version, anyhow), due)
    if not facts.filter(anchor=party.pk).exists():
        return None
    cards = Credential.objects.live().of_kind(rule.definition.identity_kind).filter(holder=party)
    card = cards.latest("issued_on")
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
    )


def _no_event(definition: RuleDefinition, party: Party, due: DueWindow, names: Names) -> Line:
    kinds = ", ".join(EVENT_NAMES[kind].vi for kind in definition.events)
    in_english = ", ".join(EVENT_NAMES[kind].en for kind in definition.events)
    events = LifeEvent.objects.filter(kind__in=definition.events)
    last = events.filter(parties__party=party).order_by("-occurred_on").first()
    asks = Words(f"Có sự kiện: {kinds}", f"It was recorded that {in_english}")
    if last is None:
        return line("event", asks, False if events.exists() else None)
    since = due.first - timedelta(days=definition.deadline_days or 0)
    return line(
        "event",
        Words(
            f"{asks.vi}, từ ngày {since:%d/%m/%Y} đến nay",
            f"{asks.en}, since {since:%d/%m/%Y}",
        ),
        False,
        shows=str(last.occurred_on),
        register=last.register_id,
        as_of=last.as_of,
        names=names,
    )
