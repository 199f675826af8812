"""Parts of a procedure: who decides, in what time, for which fee, on which papers and form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, time
from typing import Self

from procedures.definition.conditions import Tree, leaves, read_tree
from procedures.definition.reading import Node
from procedures.definition.stated import meets, truth
from procedures.enums import ClockStart, FeeChannel, FieldType, Level, TimeUnit

PSEUDO_REGISTERS = ("GENERATED", "COMPUTED", "APPLICANT")
_LABELS_EN = {
    "pin": "Personal identification number",
    "id_issue_date": "Identity card issued on",
    "id_issuer": "Identity card issued by",
    "is_owner": "The applicant owns the dossier",
    "resident_pin": "Personal number of who registers",
    "subject_kind": "Kind of applicant",
    "delivery": "How to receive the result",
}


def english_label(name: str) -> str:
    """Return an English label of the form's field of that name."""
    return _LABELS_EN.get(name) or name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class CompetentAgency:
    """The kind of agency that decides (`key` names an AgencyKind of the facts' room)."""

    key: str
    name_vi: str
    level: Level

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        agency = cls(node.text("key"), node.text("name_vi"), node.choice("level", Level))
        node.close()
        return agency


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit of a case or of a step inside the agency, in `unit`s."""

    label_vi: str
    days: int
    unit: TimeUnit

    @classmethod
    def read(cls, node: Node, label: str) -> Self:
        """Read a limit whose label stands under the key `label`; stored versions say `label_vi`."""
        key = "label_vi" if node.has("label_vi") else label
        limit = cls(node.text(key), node.integer("days", high=3660), node.choice("unit", TimeUnit))
        node.close()
        return limit


@dataclass(frozen=True, slots=True)
class Processing:
    """The time an agency has: `days` of `unit`, None where the law sets none or nobody knows it.

    Same-day procedures received after `cutoff_time` (civil time) are due the next working day.
    """

    days: int | None
    unit: TimeUnit
    clock_starts: ClockStart
    cutoff_time: time | None
    supplement_notice_working_days: int | None
    max_supplement_notices: int | None
    verification_extra_working_days: int | None
    biometric_visit_required: bool
    biometric_visit_required_from_age: int | None
    must_finish_by: str | None
    silence_rule_vi: str | None
    variants: tuple[Limit, ...]
    internal_steps: tuple[Limit, ...]

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        start = ClockStart.VALID_DOSSIER_RECEIVED
        processing = cls(
            days=node.integer_or_none("days", high=3660),
            unit=node.choice("unit", TimeUnit),
            clock_starts=node.choice("clock_starts", ClockStart, default=start),
            cutoff_time=node.time_or_none("cutoff_time"),
            supplement_notice_working_days=node.integer_or_none("supplement_notice_working_days"),
            max_supplement_notices=node.integer_or_none("max_supplement_notices"),
            verification_extra_working_days=node.integer_or_none("verification_extra_working_days"),
            biometric_visit_required=node.flag("biometric_visit_required", default=False),
            biometric_visit_required_from_age=node.integer_or_none(
                "biometric_visit_required_from_age", high=130
            ),
            must_finish_by=node.text_or_none("must_finish_by"),
            silence_rule_vi=node.text_or_none("silence_rule_vi"),
            variants=tuple(
                Limit.read(child, "case_vi") for child in node.nodes("variants", required=False)
            ),
            internal_steps=tuple(
                Limit.read(child, "step_vi")
                for child in node.nodes("internal_steps", required=False)
            ),
        )
        processing._check(node)
        return processing

    def _check(self, node: Node) -> None:
        if node.has("after_cutoff") and node.text("after_cutoff") != "next_working_day":
            node.note("after_cutoff", "chỉ có next_working_day", "can only be next_working_day")
        if self.unit == TimeUnit.SAME_DAY and self.cutoff_time is None:
            node.note(
                "cutoff_time", "cần cho thủ tục trong ngày", "is needed by a same-day procedure"
            )
        node.close()


def _of_answers(node: Node) -> Tree | None:
    """Read conditions over answers of the form, None where there are none."""
    below = node.node_or_none("conditions")
    tree = read_tree(below) if below else None
    if any(leaf.predicate != "stated" for leaf in leaves(tree)):
        node.note("conditions", "chỉ dùng được stated", "can use only stated")
    return tree


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee in đồng for a channel and perhaps one case; `valid_to` is the last day it holds.

    `per` names the field of the form that says how many are paid for, None for one. `conditions`
    over answers of the form say when it is this fee; one without any is the ordinary one.
    """

    amount_vnd: int
    channel: FeeChannel
    case_vi: str | None
    valid_from: date | None
    valid_to: date | None
    basis: str | None
    per: str | None = None
    conditions: Tree | None = dataclass_field(default=None, hash=False)

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        fee = cls(
            amount_vnd=node.integer("amount_vnd"),
            channel=node.choice("channel", FeeChannel),
            case_vi=node.text_or_none("case_vi"),
            valid_from=node.day_or_none("valid_from"),
            valid_to=node.day_or_none("valid_to"),
            basis=node.text_or_none("basis"),
            per=node.text_or_none("per"),
            conditions=_of_answers(node),
        )
        if fee.valid_from and fee.valid_to and fee.valid_to < fee.valid_from:
            node.note("valid_to", "trước ngày bắt đầu (valid_from)", "is before valid_from")
        node.close()
        return fee

    @property
    def is_dated(self) -> bool:
        """Whether the fee holds for a stated period only."""
        return self.valid_from is not None or self.valid_to is not None

    def total_vnd(self, answers: Mapping[str, str]) -> int:
        """Return what is paid with these answers, by field names; one where none says how many."""
        count = answers.get(self.per or "", "")
        return self.amount_vnd * max(int(count) if count.isdecimal() else 1, 1)

    def applies(self, answers: Mapping[str, str]) -> bool | None:
        """Return whether the answers make it this fee, None where they do not say so yet."""
        if self.conditions is None:
            return None
        return truth(self.conditions, lambda leaf: meets(leaf, answers))

    def holds_on(self, day: date) -> bool:
        """Return whether the fee holds on the civil date `day`."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Component:
    """A paper of the dossier; `satisfied_by_register` names the record that replaces it."""

    code: str
    name_vi: str
    required: bool
    condition_vi: str | None
    originals: int
    copies: int
    form: str | None
    satisfied_by_register: str | None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        component = cls(
            code=node.text("code"),
            name_vi=node.text("name_vi"),
            required=node.flag("required"),
            condition_vi=node.text_or_none("condition_vi"),
            originals=node.integer("originals", high=20),
            copies=node.integer("copies", high=20),
            form=node.text_or_none("form"),
            satisfied_by_register=node.text_or_none("satisfied_by_register"),
        )
        node.close()
        return component


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the form: `prefill` is ``REGISTER.path``, COMPUTED, APPLICANT… or None.

    `choices_en` are the English words of `choices_vi` in their order, or empty. `conditions` over
    other answers of the form say when it belongs to the form; one without any always does.
    """

    name: str
    label_vi: str
    type: FieldType
    required: bool
    prefill: str | None
    choices_vi: tuple[str, ...]
    group: str = "form"
    hint_vi: str | None = None
    hint_en: str | None = None
    choices_en: tuple[str, ...] = ()
    conditions: Tree | None = dataclass_field(default=None, hash=False)

    @classmethod
    def read(cls, node: Node, group: str = "form") -> Self:
        """Read from the catalogue or a stored version, which says the field's group itself."""
        field = cls(
            name=node.text("name"),
            label_vi=node.text("label_vi"),
            type=node.choice("type", FieldType),
            required=node.flag("required"),
            prefill=node.text_or_none("prefill"),
            choices_vi=node.texts("choices_vi", required=False),
            group=node.text("group") if node.has("group") else group,
            hint_vi=node.text_or_none("hint_vi"),
            hint_en=node.text_or_none("hint_en"),
            choices_en=node.texts("choices_en", required=False),
            conditions=_of_answers(node),
        )
        if field.choices_en and len(field.choices_en) != len(field.choices_vi):
            node.note("choices_en", "không khớp choices_vi", "does not match choices_vi")
        node.close()
        return field

    @property
    def english(self) -> dict[str, str]:
        """The English words of the choices, by the Vietnamese ones; empty where there are none."""
        return dict(zip(self.choices_vi, self.choices_en, strict=True)) if self.choices_en else {}

    @property
    def label_en(self) -> str:
        """An English label, from the field's name."""
        return english_label(self.name)
