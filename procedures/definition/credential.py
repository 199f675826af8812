"""The paper that a procedure grants: how long it is valid and when it should be renewed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from procedures.definition.reading import Node
from procedures.enums import ValidityRule


@dataclass(frozen=True, slots=True)
class ClassTerm:
    """How long papers of some classes are valid: `years`, up to an age, or (both None) for good."""

    classes: tuple[str, ...]
    years: int | None
    until_age_female: int | None
    until_age_male: int | None
    min_years: int | None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue (`rule: until_age, female, male`) or a stored version."""
        if node.has("rule") and node.text("rule") != ValidityRule.UNTIL_AGE:
            node.note("rule", "chỉ có until_age", "can only be until_age")
        short = node.has("female") or node.has("male")
        names = ("female", "male") if short else ("until_age_female", "until_age_male")
        term = cls(
            node.texts("classes"),
            node.integer_or_none("years", low=1, high=99),
            node.integer_or_none(names[0], low=1, high=130),
            node.integer_or_none(names[1], low=1, high=130),
            node.integer_or_none("min_years", low=1, high=99),
        )
        node.close()
        return term


@dataclass(frozen=True, slots=True)
class AgeBand:
    """How many years a paper is valid when issued at an age within the band."""

    min_age: int | None
    max_age: int | None
    years: int | None
    max_months: int | None
    case_vi: str | None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        band = cls(
            node.integer_or_none("min_age", high=130),
            node.integer_or_none("max_age", high=130),
            node.integer_or_none("years", low=1, high=99),
            node.integer_or_none("max_months", low=1, high=120),
            node.text_or_none("case_vi"),
        )
        if (band.years is None) == (band.max_months is None):
            node.note("years", "cần years hoặc max_months", "needs either years or max_months")
        node.close()
        return band


@dataclass(frozen=True, slots=True)
class Validity:
    """How the last day follows from the day of issue; only the keys of its rule are set."""

    rule: ValidityRule
    years: int | None = None
    months: int | None = None
    max_years: int | None = None
    max_extensions: int | None = None
    milestones: tuple[int, ...] = ()
    issued_within_years_before_milestone_skips: int | None = None
    ends: str | None = None
    extendable: bool = True
    last_milestone_lifetime: bool = False
    classes: tuple[ClassTerm, ...] = ()
    legacy_classes: tuple[ClassTerm, ...] = ()
    bands: tuple[AgeBand, ...] = ()

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        skips = "issued_within_years_before_milestone_skips"
        validity = cls(
            rule=node.choice("rule", ValidityRule),
            years=node.integer_or_none("years", low=1, high=99),
            months=node.integer_or_none("months", low=1, high=600),
            max_years=node.integer_or_none("max_years", low=1, high=99),
            max_extensions=node.integer_or_none("max_extensions", high=99),
            milestones=node.integers("milestones", required=False),
            issued_within_years_before_milestone_skips=node.integer_or_none(skips, high=50),
            ends=node.text_or_none("ends"),
            extendable=node.flag("extendable", default=True),
            last_milestone_lifetime=node.flag("last_milestone_lifetime", default=False),
            classes=tuple(map(ClassTerm.read, node.nodes("classes", required=False))),
            legacy_classes=tuple(map(ClassTerm.read, node.nodes("legacy_classes", required=False))),
            bands=tuple(map(AgeBand.read, node.nodes("bands", required=False))),
        )
        validity._check(node)
        return validity

    def _check(self, node: Node) -> None:
        needed = {
            ValidityRule.FIXED_YEARS: "years",
            ValidityRule.FIXED_MONTHS: "months",
            ValidityRule.START_WITHIN_MONTHS: "months",
            ValidityRule.BY_CLASS: "classes",
            ValidityRule.BY_AGE_AT_ISSUE: "bands",
            ValidityRule.AGE_MILESTONES: "milestones",
            ValidityRule.POLICY: "max_years",
        }.get(self.rule)
        if needed and not getattr(self, needed):
            node.note(needed, f"cần cho {self.rule}", f"is needed by {self.rule}")
        node.close()


@dataclass(frozen=True, slots=True)
class RenewWindow:
    """When renewal opens and on which days before the end people are told."""

    open_days_before: int
    remind_days: tuple[int, ...]
    latest_days_before: int | None
    basis: str
    reason_vi: str | None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        window = cls(
            node.integer("open_days_before", high=3660),
            node.integers("remind_days"),
            node.integer_or_none("latest_days_before", high=3660),
            node.text("basis"),
            node.text_or_none("reason_vi"),
        )
        node.close()
        return window

    @property
    def is_statutory(self) -> bool:
        """Whether the law, not this catalogue, sets the window."""
        return self.basis.startswith("statutory")


@dataclass(frozen=True, slots=True)
class AfterExpiry:
    """What follows when the paper has been expired for `from_day` days or more."""

    from_day: int
    to: str | None
    consequence_vi: str
    basis: str | None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        after = cls(
            node.integer("from_day", high=3660),
            node.text_or_none("to"),
            node.text("consequence_vi"),
            node.text_or_none("basis"),
        )
        node.close()
        return after


@dataclass(frozen=True, slots=True)
class ContinuingEducation:
    """Hours of training that the law asks for in two and in five years."""

    hours_per_2_years: int
    hours_per_5_years: int
    basis: str

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        training = cls(
            node.integer("hours_per_2_years"), node.integer("hours_per_5_years"), node.text("basis")
        )
        node.close()
        return training


@dataclass(frozen=True, slots=True)
class CredentialDefinition:
    """The kind of paper (`type`, the key that Credential.kind holds) and its terms."""

    type: str
    register: str
    validity: Validity
    renew_window: RenewWindow | None
    after_expiry: tuple[AfterExpiry, ...]
    warn_vi: str | None
    continuing_education: ContinuingEducation | None

    @classmethod
    def read(cls, node: Node) -> Self:
        """Read from the catalogue or a stored version."""
        window = node.node_or_none("renew_window")
        training = node.node_or_none("continuing_education")
        credential = cls(
            type=node.text("type"),
            register=node.text("register"),
            validity=Validity.read(node.node("validity")),
            renew_window=RenewWindow.read(window) if window else None,
            after_expiry=tuple(map(AfterExpiry.read, node.nodes("after_expiry", required=False))),
            warn_vi=node.text_or_none("warn_vi"),
            continuing_education=ContinuingEducation.read(training) if training else None,
        )
        node.close()
        return credential
