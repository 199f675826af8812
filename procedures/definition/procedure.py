"""One version of a procedure: everything the catalogue says about it, field sets expanded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from procedures.definition.automatic import Automatic, note_impossible
from procedures.definition.conditions import leaves, tree_to_json
from procedures.definition.credential import CredentialDefinition
from procedures.definition.exemptions import Exemption
from procedures.definition.parts import CompetentAgency, Component, Fee, FormField, Processing
from procedures.definition.plain import plain
from procedures.definition.reading import Node
from procedures.enums import CodeKind, FilingChannel, Level, SubjectKind, TriggerKind

_ADDED_LATER = ("grants_money", "per", "conditions", "hint_vi", "hint_en", "choices_en")
FieldSets = Mapping[str, Sequence[FormField]]


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts the procedure; the rule is derived from it."""

    kind: TriggerKind
    credential_type: str | None
    ages: tuple[int, ...]
    event: str | None
    also_event: str | None
    source: str | None
    statutory_deadline_days: int | None
    remind_after_days: tuple[int, ...]
    remind_days_before_open: tuple[int, ...]
    period: str | None
    population: str | None
    bundle: str | None
    subject: SubjectKind
    tone: str | None
    initiated_by: str | None
    auto_prefill: bool
    requires_citizen_confirmation: bool
    optional: bool

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        trigger = cls(
            kind=node.choice("kind", TriggerKind),
            credential_type=node.text_or_none("credential_type"),
            ages=node.integers("ages", required=False),
            event=node.text_or_none("event"),
            also_event=node.text_or_none("also_event"),
            source=node.text_or_none("source"),
            statutory_deadline_days=node.integer_or_none("statutory_deadline_days", high=3660),
            remind_after_days=node.integers("remind_after_days", required=False),
            remind_days_before_open=node.integers("remind_days_before_open", required=False),
            period=node.text_or_none("period"),
            population=node.text_or_none("population"),
            bundle=node.text_or_none("bundle"),
            subject=node.choice("subject", SubjectKind, default=SubjectKind.CITIZEN),
            tone=node.text_or_none("tone"),
            initiated_by=node.text_or_none("initiated_by"),
            auto_prefill=node.flag("auto_prefill"),
            requires_citizen_confirmation=node.flag("requires_citizen_confirmation"),
            optional=node.flag("optional", default=False),
        )
        trigger._check(node)
        return trigger

    def _check(self, node: Node) -> None:
        needed = {
            TriggerKind.CREDENTIAL_EXPIRY: "credential_type",
            TriggerKind.AGE_MILESTONE: "ages",
            TriggerKind.LIFE_EVENT: "event",
            TriggerKind.CALENDAR: "period",
        }.get(self.kind)
        if needed and not getattr(self, needed):
            node.note(needed, f"cần cho {self.kind}", f"is needed by {self.kind}")
        node.close()


@dataclass(frozen=True, slots=True)
class NamedPaper:
    """A result or a form: its Vietnamese name and its code or the law that prescribes it.

    A result that `grants_money` is decided with its amount.
    """

    name_vi: str
    code: str | None = None
    legal: str | None = None
    grants_money: bool = False

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        paper = cls(
            node.text("name_vi"),
            node.text_or_none("code"),
            node.text_or_none("legal"),
            node.flag("grants_money", default=False),
        )
        node.close()
        return paper


@dataclass(frozen=True, slots=True)
class Ages:
    """For people of which age it may be filed, in whole years, both ends included; None for any."""

    from_age: int | None
    to_age: int | None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        ages = cls(
            node.integer_or_none("from_age", high=130), node.integer_or_none("to_age", high=130)
        )
        node.close()
        return ages

    def include(self, age: int) -> bool:
        """Return whether it may be filed for somebody of this age."""
        return (self.from_age or 0) <= age and (self.to_age is None or age <= self.to_age)


@dataclass(frozen=True, slots=True)
class ProcedureDefinition:
    """One version of an administrative procedure; `unverified` lists paths to be confirmed."""

    key: str
    code: str
    code_kind: CodeKind
    name_vi: str
    name_en: str
    domain_vi: str
    decision: str | None
    level: Level
    competent_agency: CompetentAgency
    reception_vi: tuple[str, ...]
    boundary_free: bool
    channels: tuple[FilingChannel, ...]
    processing: Processing
    fees: tuple[Fee, ...]
    components: tuple[Component, ...]
    result: NamedPaper
    credential: CredentialDefinition | None
    trigger: Trigger
    form: NamedPaper
    form_fields: tuple[FormField, ...]
    legal_basis: tuple[str, ...]
    effective_to: date | None
    links: tuple[str, ...]
    replaces: tuple[str, ...]
    sources: tuple[str, ...]
    notes: str | None
    review_on: tuple[str, ...]
    open_questions: tuple[str, ...]
    unverified: tuple[str, ...]
    exemptions: tuple[Exemption, ...] = ()
    automatic: Automatic | None = None
    filed_for: Ages | None = None

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Read a stored document; DefinitionError names every key at fault."""
        node = Node(raw)
        definition = cls.read(node, {})
        node.raise_problems()
        return definition

    @classmethod
    def read(cls, node: Node, field_sets: FieldSets) -> Self:
        """Read from a node; the catalogue's field sets come before the procedure's own fields."""
        credential, automatic = node.node_or_none("credential"), node.node_or_none("automatic")
        filed_for = node.node_or_none("filed_for")
        own_fields = [FormField.read(child) for child in node.nodes("form_fields")]
        definition = cls(
            key=node.text("key"),
            code=node.text("code"),
            code_kind=node.choice("code_kind", CodeKind),
            name_vi=node.text("name_vi"),
            name_en=node.text("name_en"),
            domain_vi=node.text("domain_vi"),
            decision=node.text_or_none("decision"),
            level=node.choice("level", Level),
            competent_agency=CompetentAgency.read(node.node("competent_agency")),
            reception_vi=node.texts("reception_vi"),
            boundary_free=node.flag("boundary_free"),
            channels=node.choices("channels", FilingChannel),
            processing=Processing.read(node.node("processing")),
            fees=tuple(map(Fee.read, node.nodes("fees"))),
            components=tuple(map(Component.read, node.nodes("components"))),
            result=NamedPaper.read(node.node("result")),
            credential=CredentialDefinition.read(credential) if credential else None,
            trigger=Trigger.read(node.node("trigger")),
            form=NamedPaper.read(node.node("form")),
            form_fields=_with_sets(node, own_fields, field_sets),
            legal_basis=node.texts("legal_basis", required=False),
            effective_to=node.day_or_none("effective_to"),
            links=node.texts("links", required=False),
            replaces=node.texts("replaces", required=False),
            sources=node.texts("sources", required=False),
            notes=node.text_or_none("notes"),
            review_on=node.texts("review_on", required=False),
            open_questions=node.texts("open_questions", required=False),
            unverified=node.texts("unverified", required=False),
            exemptions=tuple(map(Exemption.read, node.nodes("exemptions", required=False))),
            automatic=Automatic.read(automatic) if automatic else None,
            filed_for=Ages.read(filed_for) if filed_for else None,
        )
        definition._check(node, own_fields)
        return definition

    def to_json(self) -> dict[str, Any]:
        """Return the document that `from_json` reads back to an equal definition."""
        document: dict[str, Any] = plain(asdict(self))
        for name, parts in self._by_answers.items():
            for part, one in zip(document[name], parts, strict=True):
                part["conditions"] = tree_to_json(one.conditions)
        named = (document[name] for name in ("result", "form") if document[name])
        for part in (*document["fees"], *document["form_fields"], *named):
            for name in _ADDED_LATER:
                if not part.get(name, "kept"):
                    del part[name]  # what does not say it keeps the fingerprint that it had
        if self.filed_for is None:
            del document["filed_for"]
        return document | {"exemptions": [one.to_json() for one in self.exemptions]}

    def field(self, name: str) -> FormField:
        """Return the form field of that name; KeyError when there is none."""
        for field in self.form_fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def _by_answers(self) -> Mapping[str, Sequence[Fee | FormField]]:
        """The parts that may depend on answers of the form, by their keys."""
        return {"fees": self.fees, "form_fields": self.form_fields}

    def _check(self, node: Node, own_fields: Iterable[FormField]) -> None:
        names = {field.name for field in self.form_fields}
        for index, fee in enumerate(self.fees):
            if fee.per is not None and fee.per not in names:
                node.note(f"fees[{index}].per", "không có trường này", "no such field")
        for name, parts in self._by_answers.items():
            for index, one in enumerate(parts):
                if any(leaf.params["field"] not in names for leaf in leaves(one.conditions)):
                    node.note(f"{name}[{index}].conditions", "không có trường này", "no such field")
        _note_repeated(node, "form_fields", [field.name for field in own_fields])
        _note_repeated(node, "components", [component.code for component in self.components])
        _note_repeated(node, "exemptions", [exemption.key for exemption in self.exemptions])
        if self.automatic is not None:
            is_visited = self.processing.biometric_visit_required
            note_impossible(node, self.components, is_visited=is_visited)
        if self.trigger.kind in (TriggerKind.CREDENTIAL_EXPIRY, TriggerKind.AGE_MILESTONE):
            self._check_renewal(node)
        node.close()

    def _check_renewal(self, node: Node) -> None:
        if self.trigger.remind_days_before_open and self.credential is None:
            return  # an age at which something is due that is no paper: a pension
        if self.credential is None or self.credential.renew_window is None:
            node.note(
                "credential", "cần renew_window để nhắc hạn", "needs a renew_window to remind"
            )
        elif self.trigger.credential_type not in (None, self.credential.type):
            node.note(
                "trigger.credential_type",
                f"khác với giấy tờ được cấp ({self.credential.type})",
                f"differs from the paper that is granted ({self.credential.type})",
            )


def _with_sets(node: Node, own: Sequence[FormField], sets: FieldSets) -> tuple[FormField, ...]:
    """Return the fields of the named sets, then the own; an own field replaces its namesake."""
    own_by_name = {field.name: field for field in own}
    fields: dict[str, FormField] = {}
    for index, name in enumerate(node.texts("field_sets", required=False)):
        if name not in sets:
            node.note(f"field_sets[{index}]", f"không có bộ trường {name}", f"no field set {name}")
        for field in sets.get(name, ()):
            fields[field.name] = own_by_name.get(field.name, field)
    return tuple((fields | own_by_name).values())


def _note_repeated(node: Node, key: str, values: Sequence[str]) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            node.note(f"{key}[{index}]", f"{value} đã có ở trên", f"{value} stands there twice")
