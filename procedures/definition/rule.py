"""What makes the portal suggest something: stages, window and conditions of one rule version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from citizens.enums import LifeEventKind
from procedures.definition.conditions import Tree, read_tree, tree_to_json
from procedures.definition.reading import Node
from procedures.enums import Addressee, SubjectKind, TriggerKind, WindowShape

SCANNED = (TriggerKind.CREDENTIAL_EXPIRY, TriggerKind.AGE_MILESTONE)


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
            node.note("days", f"không hợp với {shape}", f"does not go with {shape}")
        node.close()
        return cls(shape, days)


@dataclass(frozen=True, slots=True)
class RuleDefinition:
    """One version of a rule; days count back from the due date, `lead_days` most distant first.

    `ages` and `identity_kind` belong to age milestones, `credential_kind` to expiries, `events`,
    `after_days` and `deadline_days` to life events, `period` (MM-DD/MM-DD) to yearly campaigns.
    `units` holds commune codes of a pilot; empty means everywhere. A fact stays due for
    `grace_days` after its date. `skip_if_issued_within_years`: an identity card issued that shortly
    before the milestone stays good beyond it (Luật 26/2023/QH15).

    `conditions` narrow the facts; what is only likely to meet them is suggested where
    `suggests_likely`. `address` says who is told.
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
        if self.is_scanned:
            self._check_scanned(node)
        if self.kind == TriggerKind.LIFE_EVENT and not self.events:
            node.note("events", "cần ít nhất một sự kiện", "needs at least one event")

    def _check_scanned(self, node: Node) -> None:
        needed = "credential_kind" if self.kind == TriggerKind.CREDENTIAL_EXPIRY else "ages"
        for key in (needed, "lead_days", "topic"):
            if not getattr(self, key):
                node.note(key, f"cần cho quy tắc {self.kind}", f"is needed by a rule {self.kind}")
        for age in self.ages:
            if not 0 < age < 130:
                node.note("ages", f"{age} không phải một tuổi", f"{age} is not an age")
