"""What makes the portal suggest something: stages, window and conditions of one rule version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from citizens.enums import LifeEventKind
from procedures.definition.conditions import Tree, read_tree, tree_to_json
from procedures.definition.period import Period
from procedures.definition.reading import Node
from procedures.enums import Addressee, SubjectKind, TriggerKind, WindowShape

SCANNED = (
    TriggerKind.CREDENTIAL_EXPIRY,
    TriggerKind.AGE_MILESTONE,
    TriggerKind.LIFE_EVENT,
    TriggerKind.CALENDAR,
)
DEATHS = (LifeEventKind.DEATH_NOTIFIED, LifeEventKind.DEATH_REGISTERED)
# A campaign that would be open for longer could meet that of the next year.
_LONGEST_CAMPAIGN = 330
_NEEDED: Mapping[TriggerKind, tuple[str, ...]] = {
    TriggerKind.CREDENTIAL_EXPIRY: ("credential_kind",),
    TriggerKind.AGE_MILESTONE: ("ages",),
    TriggerKind.LIFE_EVENT: ("events", "deadline_days"),
    TriggerKind.CALENDAR: ("period",),
}
_SUBJECTS: Mapping[Addressee, tuple[SubjectKind, ...]] = {
    Addressee.GUARDIAN: (SubjectKind.CITIZEN,),
    Addressee.HOUSEHOLD_HEAD: (SubjectKind.CITIZEN, SubjectKind.HOUSEHOLD),
    Addressee.REPRESENTATIVE: (SubjectKind.ORGANISATION,),
}


@dataclass(frozen=True, slots=True)
class Window:
    """When a dossier may be filed: its shape and the number of days before the due date."""

    shape: WindowShape
    days: int | None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read a window; only the recommended shape has no number of days."""
        shape = node.choice("shape", WindowShape)
        days = node.integer_or_none("days", high=3660)
        if (days is None) != (shape == WindowShape.RECOMMENDED):
            node.note(
                "days",
                f"không hợp với thời điểm nộp đã chọn ({shape})",
                f"does not go with the shape that was chosen ({shape})",
            )
        node.close()
        return cls(shape, days)


@dataclass(frozen=True, slots=True)
class RuleDefinition:
    """One version of a rule; days count back from the due date, `lead_days` most distant first.

    `identity_kind` belongs to age milestones, `events`, `after_days` and `deadline_days` to life
    events: a fact is due so many days after its event, by law or as long as the offer is useful.
    `period` (MM-DD/MM-DD) is that of a yearly campaign, which is due on its last day; it concerns
    those who reach one of `ages` in the year, or the holders of a paper of `credential_kind`.
    `units` holds commune codes of a pilot; empty means everywhere. A fact stays due for
    `grace_days` after its date. `skip_if_issued_within_years`: an identity card issued that shortly
    before the milestone stays good beyond it (Luật 26/2023/QH15).

    `conditions` narrow the facts; what is only likely to meet them is suggested where
    `suggests_likely`. `address` says who is told. `owner` is the kind of agency that answers for
    the rule; None: the one that decides what it offers.
    """

    kind: TriggerKind
    credential_kind: str | None
    ages: tuple[int, ...]
    lead_days: tuple[int, ...]
    open_days_before: int
    grace_days: int
    window: Window
    subject: SubjectKind
    skip_if_issued_within_years: int | None
    identity_kind: str | None
    units: tuple[str, ...]
    topic: str | None
    paper_vi: str
    paper_en: str
    reason_vi: str
    reason_en: str
    legal_basis: tuple[str, ...]
    consequence_vi: str | None
    consequence_en: str | None = None
    events: tuple[LifeEventKind, ...] = ()
    after_days: tuple[int, ...] = ()
    deadline_days: int | None = None
    period: str | None = None
    address: Addressee = Addressee.HOLDER
    conditions: Tree | None = None
    suggests_likely: bool = False
    owner: str | None = None

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Read a stored document; DefinitionError names every key at fault."""
        node = Node(raw)
        definition = cls.read(node)
        node.raise_problems()
        return definition

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read a rule from a node of a larger document; problems are noted there."""
        definition = cls(
            kind=node.choice("kind", TriggerKind),
            credential_kind=node.text_or_none("credential_kind"),
            ages=node.integers("ages", required=False),
            lead_days=node.integers("lead_days", required=False),
            open_days_before=node.integer("open_days_before", high=3660),
            grace_days=node.integer("grace_days", high=3660),
            window=Window.read(node.node("window")),
            subject=node.choice("subject", SubjectKind, default=SubjectKind.CITIZEN),
            skip_if_issued_within_years=node.integer_or_none(
                "skip_if_issued_within_years", high=50
            ),
            identity_kind=node.text_or_none("identity_kind"),
            units=node.texts("units", required=False),
            topic=node.text_or_none("topic"),
            paper_vi=node.text("paper_vi"),
            paper_en=node.text("paper_en"),
            reason_vi=node.text("reason_vi"),
            reason_en=node.text("reason_en"),
            legal_basis=node.texts("legal_basis", required=False),
            consequence_vi=node.text_or_none("consequence_vi"),
            consequence_en=node.text_or_none("consequence_en"),
            events=node.choices("events", LifeEventKind) if node.has("events") else (),
            after_days=node.integers("after_days", required=False),
            deadline_days=node.integer_or_none("deadline_days", high=3660),
            period=node.text_or_none("period"),
            address=node.choice("address", Addressee, default=Addressee.HOLDER),
            conditions=read_tree(node.node("conditions")) if node.has("conditions") else None,
            suggests_likely=node.flag("suggests_likely", default=False),
            owner=node.text_or_none("owner"),
        )
        definition._check(node)
        node.close()
        return definition

    def to_json(self) -> dict[str, Any]:
        """Return the document that `from_json` reads back to an equal definition."""
        document = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
        }
        return document | {"conditions": tree_to_json(self.conditions)}

    @property
    def is_scanned(self) -> bool:
        """Whether the nightly scan looks for this rule's facts."""
        return self.kind in SCANNED

    def _check(self, node: Node) -> None:
        if list(self.lead_days) != sorted(set(self.lead_days), reverse=True):
            node.note(
                "lead_days",
                "phải giảm dần, không lặp lại",
                "must go down without repeating a day",
            )
        if self.lead_days and self.lead_days[0] > self.open_days_before:
            node.note(
                "lead_days",
                "mốc đầu tiên không được sớm hơn ngày mở (open_days_before)",
                "the first stage must not be earlier than open_days_before",
            )
        if any(days < 0 for days in self.lead_days):
            node.note(
                "lead_days",
                "mốc nhắc không được nằm sau ngày đến hạn",
                "a stage must not lie behind the due date",
            )
        if self.is_scanned:
            _check_scanned(self, node)


def _check_scanned(rule: RuleDefinition, node: Node) -> None:
    """Note what is missing or does not go together in a rule of a scanned kind."""
    for key in (*_NEEDED[rule.kind], "lead_days", "topic"):
        if not getattr(rule, key):
            node.note(
                key,
                f"quy tắc loại này ({rule.kind}) cần có mục này",
                f"is needed by a rule of this kind ({rule.kind})",
            )
    for age in rule.ages:
        if not 0 < age < 130:
            node.note("ages", f"{age} không phải một tuổi", f"{age} is not an age")
    if rule.kind == TriggerKind.CALENDAR:
        _check_campaign(rule, node)
    _check_address(rule, node)


def _check_campaign(rule: RuleDefinition, node: Node) -> None:
    try:
        Period.parse(rule.period or "")
    except ValueError:
        node.note("period", "phải có dạng MM-DD/MM-DD", "must look like MM-DD/MM-DD")
    if not rule.ages and not rule.credential_kind:
        node.note(
            "ages",
            "cần độ tuổi hoặc loại giấy tờ (credential_kind) của đợt này",
            "a campaign needs ages or a credential_kind",
        )
    if rule.open_days_before + rule.grace_days > _LONGEST_CAMPAIGN:
        node.note(
            "open_days_before",
            f"cùng với grace_days không được quá {_LONGEST_CAMPAIGN} ngày",
            f"must not exceed {_LONGEST_CAMPAIGN} days together with grace_days",
        )


def _check_address(rule: RuleDefinition, node: Node) -> None:
    """Note an addressee whom such a fact does not have."""
    fits = rule.subject in _SUBJECTS.get(rule.address, (rule.subject,))
    if rule.address == Addressee.PARENTS:
        fits = rule.kind == TriggerKind.LIFE_EVENT and rule.subject == SubjectKind.CITIZEN
    elif rule.address == Addressee.FAMILY:
        fits = bool(rule.events) and all(event in DEATHS for event in rule.events)
    if not fits:
        node.note(
            "address",
            f"người được báo này ({rule.address}) không hợp với quy tắc",
            f"this addressee ({rule.address}) does not go with the rule",
        )
