"""From what the catalogue says about procedures and bundles to the rules that suggest them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from citizens.enums import LifeEventKind
from procedures.definition.catalogue import BundleDefinition, Catalogue
from procedures.definition.credential import CredentialDefinition, RenewWindow
from procedures.definition.procedure import ProcedureDefinition, Trigger
from procedures.definition.reading import DefinitionError, Node, Problem
from procedures.definition.rule import RuleDefinition, Window
from procedures.definition.source import Source
from procedures.enums import SubjectKind, TriggerKind, WindowShape

CITIZEN_INTENT = "citizen_intent"
_TOPICS = {
    TriggerKind.CREDENTIAL_EXPIRY: "credential_expiring",
    TriggerKind.AGE_MILESTONE: "age_milestone_near",
}
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


@dataclass(frozen=True, slots=True)
class Wording:
    """How one rule speaks, and for how many days after its day a fact is still told.

    Without `has_consequence` it does not say what happens otherwise, even where the procedure does:
    who gets a first card has none that could be too old.
    """

    paper_vi: str
    paper_en: str
    reason_vi: str
    reason_en: str
    consequence_vi: str | None = None
    consequence_en: str | None = None
    grace_days: int = 0
    has_consequence: bool = True

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read one entry of the wordings' file."""
        wording = cls(
            node.text("paper_vi"),
            node.text("paper_en"),
            node.text("reason_vi"),
            node.text("reason_en"),
            node.text_or_none("consequence_vi"),
            node.text_or_none("consequence_en"),
            node.integer_or_none("grace_days", high=3660) or 0,
            node.flag("has_consequence", default=True),
        )
        node.close()
        return wording


def wordings_from_yaml(text: str) -> dict[str, Wording]:
    """Read the wordings' file; DefinitionError names every key at fault and its line."""
    source = Source(text)
    root = Node(source.document)
    wordings = {key: Wording.read(root.node(key)) for key in root.names()}
    try:
        root.raise_problems()
    except DefinitionError as error:
        raise source.located(error) from None
    return wordings


@dataclass(frozen=True, slots=True)
class DerivedRule:
    """A rule of the catalogue; `offers` is the key of a procedure or (`is_bundle`) of a bundle."""

    key: str
    offers: str
    is_bundle: bool
    definition: RuleDefinition


def derive_rules(catalogue: Catalogue, wordings: Mapping[str, Wording]) -> list[DerivedRule]:
    """Return the rules of a catalogue: one a bundle, one a procedure that no bundle suggests.

    Where a bundle covers a life event, only the bundle suggests. DefinitionError when a rule's
    stages or events contradict each other.
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
        if procedure.trigger.event not in covered:
            definition = rule_of_procedure(procedure, wordings.get(procedure.key))
            rule = DerivedRule(procedure.key, procedure.key, False, definition)
            yield f"procedures[{index}].trigger", rule
    by_code = {procedure.code: procedure for procedure in catalogue.procedures}
    for index, bundle in enumerate(catalogue.bundles):
        linked = by_code.get(bundle.linked_procedure or "")
        definition = rule_of_bundle(bundle, linked, wordings.get(bundle.key))
        yield f"bundles[{index}]", DerivedRule(bundle.key, bundle.key, True, definition)


def rule_of_procedure(
    procedure: ProcedureDefinition, wording: Wording | None = None
) -> RuleDefinition:
    """Return the rule that suggests a procedure, from its trigger and its renewal window."""
    trigger, credential = procedure.trigger, procedure.credential
    name = procedure.result.name_vi
    words = wording or Wording(name, procedure.name_en, *_GENERAL[trigger.kind])
    renewal = credential.renew_window if credential and trigger.kind in _TOPICS else None
    is_milestone = trigger.kind == TriggerKind.AGE_MILESTONE
    stages = renewal.remind_days if renewal else trigger.remind_days_before_open
    return RuleDefinition(
        kind=trigger.kind,
        credential_kind=trigger.credential_type,
        ages=trigger.ages,
        lead_days=stages,
        open_days_before=renewal.open_days_before if renewal else max(stages, default=0),
        grace_days=words.grace_days,
        window=_window(renewal),
        subject=trigger.subject,
        skip_if_issued_within_years=_skipped_years(credential) if is_milestone else None,
        identity_kind=credential.type if credential and is_milestone else None,
        units=(),
        topic=_TOPICS.get(trigger.kind),
        paper_vi=words.paper_vi,
        paper_en=words.paper_en,
        reason_vi=words.reason_vi,
        reason_en=words.reason_en,
        legal_basis=procedure.legal_basis,
        consequence_vi=words.consequence_vi
        or (_consequence(credential) if words.has_consequence else None),
        consequence_en=words.consequence_en,
        events=_events(trigger),
        after_days=trigger.remind_after_days,
        deadline_days=trigger.statutory_deadline_days,
        period=trigger.period,
    )


def rule_of_bundle(
    bundle: BundleDefinition, linked: ProcedureDefinition | None, wording: Wording | None = None
) -> RuleDefinition:
    """Return the rule that suggests a bundle; its linked procedure knows the law's limits."""
    is_event = bundle.event != CITIZEN_INTENT
    kind = TriggerKind.LIFE_EVENT if is_event else TriggerKind.CITIZEN_INTENT
    words = wording or Wording(bundle.name_vi, bundle.name_en, *_GENERAL[kind])
    return RuleDefinition(
        kind=kind,
        credential_kind=None,
        ages=(),
        lead_days=(),
        open_days_before=0,
        grace_days=words.grace_days,
        window=Window(WindowShape.RECOMMENDED, None),
        subject=SubjectKind.CITIZEN,
        skip_if_issued_within_years=None,
        identity_kind=None,
        units=(),
        topic=None,
        paper_vi=words.paper_vi,
        paper_en=words.paper_en,
        reason_vi=words.reason_vi,
        reason_en=words.reason_en,
        legal_basis=linked.legal_basis if linked else (),
        consequence_vi=words.consequence_vi,
        consequence_en=words.consequence_en,
        events=_known_events(bundle.event) if is_event else (),
        after_days=linked.trigger.remind_after_days if linked else (),
        deadline_days=linked.trigger.statutory_deadline_days if linked else None,
    )


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


def _events(trigger: Trigger) -> tuple[LifeEventKind, ...]:
    names = [name for name in (trigger.event, trigger.also_event) if name]
    return tuple(event for name in names for event in _known_events(name))


def _known_events(name: str) -> tuple[LifeEventKind, ...]:
    """Return the registers' events of a name; none for a name that no register sends."""
    if name in _EVENTS:
        return _EVENTS[name]
    return tuple(event for event in LifeEventKind if event == name)
