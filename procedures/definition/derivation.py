"""From what the catalogue says about procedures and bundles to the rules that suggest them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from citizens.enums import LifeEventKind
from procedures.definition.bundle import BundleDefinition
from procedures.definition.catalogue import Catalogue
from procedures.definition.credential import CredentialDefinition, RenewWindow
from procedures.definition.period import Period
from procedures.definition.procedure import ProcedureDefinition, Trigger
from procedures.definition.reading import DefinitionError, Problem
from procedures.definition.rule import RuleDefinition, Window
from procedures.definition.wording import Wording
from procedures.enums import Addressee, SubjectKind, TriggerKind, WindowShape

CITIZEN_INTENT = "citizen_intent"
_TOPICS = {
    TriggerKind.CREDENTIAL_EXPIRY: "credential_expiring",
    TriggerKind.AGE_MILESTONE: "age_milestone_near",
    TriggerKind.LIFE_EVENT: "life_event_offer",
    TriggerKind.CALENDAR: "campaign_open",
}
_BY_DATE = (TriggerKind.CREDENTIAL_EXPIRY, TriggerKind.AGE_MILESTONE)
# How long after an event an offer helps, where neither a law nor the wordings say.
_USEFUL_DAYS = 60
_POPULATION = re.compile(r"age (\d+) in the calendar year")
_GENERAL = {
    TriggerKind.CREDENTIAL_EXPIRY: (
        "Giấy tờ của ông/bà sắp hết hạn.",
        "A paper of yours is about to expire.",
    ),
    TriggerKind.AGE_MILESTONE: (
        "Ông/bà sắp đến độ tuổi cần thực hiện thủ tục này.",
        "You are about to reach an age at which this is due.",
    ),
    TriggerKind.LIFE_EVENT: (
        "Một sự kiện vừa được ghi nhận mà thủ tục này có thể cần cho ông/bà.",
        "Something was recorded for which you may need this.",
    ),
    TriggerKind.CALENDAR: (
        "Đợt thực hiện hằng năm của thủ tục này sắp bắt đầu.",
        "The yearly round of this is about to begin.",
    ),
    TriggerKind.CITIZEN_INTENT: (
        "Ông/bà có thể tự chọn thủ tục này khi cần.",
        "You may start this whenever you need it.",
    ),
}
# One name of the catalogue for two events of the registers.
_EVENTS = {
    "birth_registered_or_moved": (LifeEventKind.BIRTH_REGISTERED, LifeEventKind.MOVED),
}
_ADDRESSEES = {
    SubjectKind.CITIZEN: Addressee.HOLDER,
    SubjectKind.ORGANISATION: Addressee.REPRESENTATIVE,
    SubjectKind.HOUSEHOLD: Addressee.HOUSEHOLD_HEAD,
}


@dataclass(frozen=True, slots=True)
class DerivedRule:
    """A rule of the catalogue; `offers` is the key of a procedure or (`is_bundle`) of a bundle."""

    key: str
    offers: str
    is_bundle: bool
    definition: RuleDefinition


def derive_rules(catalogue: Catalogue, wordings: Mapping[str, Wording]) -> list[DerivedRule]:
    """Return the rules of a catalogue: one a bundle, one a trigger that no bundle suggests.

    Where a bundle covers a life event, only the bundle suggests. A procedure whose trigger names
    another event (`also_event`) has a second rule, ``<key>_after_<event>``; one whose paper has no
    term by law a rule ``<key>_expiry`` where the wordings know it, for papers that were given one.
    DefinitionError when a rule's stages or events contradict each other.
    """
    rules: list[DerivedRule] = []
    problems: list[Problem] = []
    for path, rule in _derived(catalogue, wordings):
        try:
            RuleDefinition.from_json(rule.definition.to_json())
        except DefinitionError as error:
            problems += [Problem(f"{path}.{p.path}", p.vi, p.en) for p in error.problems]
        rules.append(rule)
    if problems:
        raise DefinitionError(problems)
    return rules


def _derived(
    catalogue: Catalogue, wordings: Mapping[str, Wording]
) -> Iterator[tuple[str, DerivedRule]]:
    covered = {bundle.event for bundle in catalogue.bundles} - {CITIZEN_INTENT}
    for index, procedure in enumerate(catalogue.procedures):
        for key, trigger in _triggers(procedure, wordings):
            if trigger.event not in covered:
                definition = rule_of_procedure(procedure, wordings.get(key), trigger)
                rule = DerivedRule(key, procedure.key, False, definition)
                yield f"procedures[{index}].trigger", rule
    by_code = {procedure.code: procedure for procedure in catalogue.procedures}
    for index, bundle in enumerate(catalogue.bundles):
        linked = by_code.get(bundle.linked_procedure or "")
        definition = rule_of_bundle(bundle, linked, wordings.get(bundle.key))
        yield f"bundles[{index}]", DerivedRule(bundle.key, bundle.key, True, definition)


def _triggers(
    procedure: ProcedureDefinition, wordings: Mapping[str, Wording]
) -> Iterator[tuple[str, Trigger]]:
    """Yield what starts a procedure, each with the key of its rule: a rule has one kind."""
    trigger, key = procedure.trigger, procedure.key
    yield key, trigger
    if trigger.also_event:
        event = replace(trigger, kind=TriggerKind.LIFE_EVENT, event=trigger.also_event)
        yield f"{key}_after_{trigger.also_event}", event
    if procedure.credential and f"{key}_expiry" in wordings:
        paper = procedure.credential.type
        dated = replace(trigger, kind=TriggerKind.CREDENTIAL_EXPIRY, credential_type=paper)
        yield f"{key}_expiry", dated


def rule_of_procedure(
    procedure: ProcedureDefinition,
    wording: Wording | None = None,
    trigger: Trigger | None = None,
) -> RuleDefinition:
    """Return the rule that suggests a procedure, from its trigger and its renewal window."""
    trigger, credential = trigger or procedure.trigger, procedure.credential
    general = Wording(procedure.result.name_vi, procedure.name_en, *_GENERAL[trigger.kind])
    words = wording or general
    renewal = credential.renew_window if credential and trigger.kind in _BY_DATE else None
    is_milestone = trigger.kind == TriggerKind.AGE_MILESTONE
    subject = words.subject or trigger.subject
    return RuleDefinition(
        kind=trigger.kind,
        credential_kind=words.credential_kind or trigger.credential_type,
        ages=trigger.ages or _ages(trigger),
        lead_days=_stages(trigger, renewal, words),
        open_days_before=_opened(trigger, renewal, words),
        window=_window(renewal),
        subject=subject,
        skip_if_issued_within_years=_skipped_years(credential) if is_milestone else None,
        identity_kind=credential.type if credential and is_milestone else None,
        units=(),
        topic=words.topic or _TOPICS.get(trigger.kind),
        legal_basis=procedure.legal_basis,
        consequence_vi=words.consequence_vi
        or (_consequence(credential) if words.has_consequence else None),
        events=_events(trigger.event) if trigger.kind == TriggerKind.LIFE_EVENT else (),
        after_days=trigger.remind_after_days,
        deadline_days=_deadline(trigger, words),
        period=trigger.period if trigger.kind == TriggerKind.CALENDAR else None,
        address=words.address or _ADDRESSEES[subject],
        **_worded(words),
    )


def rule_of_bundle(
    bundle: BundleDefinition, linked: ProcedureDefinition | None, wording: Wording | None = None
) -> RuleDefinition:
    """Return the rule that suggests a bundle; its linked procedure knows the law's limits."""
    is_event = bundle.event != CITIZEN_INTENT
    kind = TriggerKind.LIFE_EVENT if is_event else TriggerKind.CITIZEN_INTENT
    words = wording or Wording(bundle.name_vi, bundle.name_en, *_GENERAL[kind])
    after = linked.trigger.remind_after_days if linked else ()
    limit = linked.trigger.statutory_deadline_days if linked else None
    deadline = (limit or words.useful_days or _USEFUL_DAYS) if is_event else None
    return RuleDefinition(
        kind=kind,
        credential_kind=None,
        ages=(),
        lead_days=_follow_ups(deadline, after) if deadline else (),
        open_days_before=deadline or 0,
        window=Window(WindowShape.RECOMMENDED, None),
        subject=SubjectKind.CITIZEN,
        skip_if_issued_within_years=None,
        identity_kind=None,
        units=(),
        topic=words.topic or _TOPICS.get(kind),
        legal_basis=linked.legal_basis if linked else (),
        consequence_vi=words.consequence_vi,
        events=_events(bundle.event) if is_event else (),
        after_days=after,
        deadline_days=deadline,
        address=words.address or Addressee.HOLDER,
        **_worded(words),
    )


def _worded(words: Wording) -> dict[str, Any]:
    """Return what the wordings say of a rule, whatever its kind."""
    named = ("paper_vi", "paper_en", "reason_vi", "reason_en", "consequence_en")
    more = ("grace_days", "conditions", "suggests_likely")
    return {name: getattr(words, name) for name in (*named, *more)}


def _stages(trigger: Trigger, renewal: RenewWindow | None, words: Wording) -> tuple[int, ...]:
    """Return how many days before the due date people are told; of a campaign its last day."""
    named = words.remind_days or trigger.remind_days_before_open
    match trigger.kind:
        case TriggerKind.LIFE_EVENT:
            return _follow_ups(_deadline(trigger, words) or 0, trigger.remind_after_days)
        case TriggerKind.CALENDAR:
            length = Period.parse(trigger.period or "").days
            return tuple(length + days for days in named or (0,))
        case _:
            return renewal.remind_days if renewal else named


def _opened(trigger: Trigger, renewal: RenewWindow | None, words: Wording) -> int:
    """Return how many days before the due date a suggestion opens; of an event on its own day."""
    if trigger.kind == TriggerKind.LIFE_EVENT:
        return _deadline(trigger, words) or 0
    if renewal is not None:
        return renewal.open_days_before
    return max(_stages(trigger, renewal, words), default=0)


def _follow_ups(deadline: int, after_days: tuple[int, ...]) -> tuple[int, ...]:
    """Return the stages that lie so many days after an event; without any it is told at once."""
    return tuple(sorted({deadline - days for days in after_days if days <= deadline}))[::-1] or (
        deadline,
    )


def _deadline(trigger: Trigger, words: Wording) -> int | None:
    if trigger.kind != TriggerKind.LIFE_EVENT:
        return None
    return trigger.statutory_deadline_days or words.useful_days or _USEFUL_DAYS


def _ages(trigger: Trigger) -> tuple[int, ...]:
    """Return the age of a campaign's population, as the catalogue words it."""
    named = _POPULATION.fullmatch(trigger.population or "")
    return (int(named[1]),) if named else ()


def _window(renewal: RenewWindow | None) -> Window:
    """Return the window's shape (domain.md 3.1): a limit the law or the catalogue names, else none.

    A statutory window that only opens (vehicle badges) closes with the paper itself.
    """
    if renewal is not None and renewal.latest_days_before is not None:
        return Window(WindowShape.NO_LATER_THAN, renewal.latest_days_before)
    if renewal is not None and renewal.is_statutory:
        return Window(WindowShape.ONLY_WITHIN, renewal.open_days_before)
    return Window(WindowShape.RECOMMENDED, None)


def _skipped_years(credential: CredentialDefinition | None) -> int | None:
    if credential is None:
        return None
    return credential.validity.issued_within_years_before_milestone_skips


def _consequence(credential: CredentialDefinition | None) -> str | None:
    if credential is None:
        return None
    return credential.warn_vi or next((a.consequence_vi for a in credential.after_expiry), None)


def _events(name: str | None) -> tuple[LifeEventKind, ...]:
    """Return the registers' events of a name; none for a name that no register sends."""
    return _EVENTS.get(name or "") or tuple(event for event in LifeEventKind if event == name)
