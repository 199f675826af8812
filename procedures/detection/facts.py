"""Facts that a rule is about: papers that run out, birthdays at which one is due.

A fact has the annotations `anchor`, `cycle` and `due_on`; `anchor` is the key of the paper or
person, `cycle` the paper's term or the age. `FactPath` says how its queryset names the party.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from citizens.models import Citizen, Credential, Organisation
from procedures.definition import RuleDefinition
from procedures.detection.terms import Years, has, lacks
from procedures.detection.windows import BIRTH_SENTINELS, SENTINELS, DueWindow, birth_window
from procedures.enums import SubjectKind, TriggerKind
from procedures.models import OpenMatter, RuleVersion

Facts = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class FactPath:
    """Prefixes by which a queryset reaches the party of a fact and what that party is."""

    party: str
    holder: str

    @property
    def party_id(self) -> str:
        """The column with the party's key."""
        return f"{self.party.removesuffix('__')}_id"


CREDENTIAL_OF_CITIZEN = FactPath("holder__", "holder__citizen__")
CREDENTIAL_OF_ORGANISATION = FactPath("holder__", "holder__organisation__")
BIRTHDAY = FactPath("party__", "")
SUGGESTION_OF_CITIZEN = FactPath("subject__", "subject__citizen__")
SUGGESTION_OF_ORGANISATION = FactPath("subject__", "subject__organisation__")


@dataclass(frozen=True, slots=True)
class ScannedRule:
    """A rule version with its definition read, as the statements need it."""

    version: RuleVersion
    definition: RuleDefinition

    @classmethod
    def of(cls, version: RuleVersion) -> ScannedRule:
        """Read the definition; DefinitionError where a stored document is not a rule's."""
        return cls(version, RuleDefinition.from_json(version.definition))

    @property
    def path(self) -> FactPath:
        """How the rule's facts name their party."""
        if self.definition.kind == TriggerKind.AGE_MILESTONE:
            return BIRTHDAY
        if self.definition.subject == SubjectKind.ORGANISATION:
            return CREDENTIAL_OF_ORGANISATION
        return CREDENTIAL_OF_CITIZEN

    @property
    def suggestion_path(self) -> FactPath:
        """How the rule's suggestions name their party."""
        if self.definition.subject == SubjectKind.ORGANISATION:
            return SUGGESTION_OF_ORGANISATION
        return SUGGESTION_OF_CITIZEN


def facts_due(rule: ScannedRule, due: DueWindow) -> Facts:
    """Return the rule's facts with a due date in `due`, whatever is known of the party."""
    if rule.definition.kind == TriggerKind.AGE_MILESTONE:
        return _birthdays(rule.definition, due)
    return _credentials(rule.definition, due)


def holding(rule: ScannedRule, due: DueWindow, day: date) -> Facts:
    """Return the facts in `due` that pass the rule's conditions on the party, on the day `day`.

    The party lives here (F21), in a unit that exists and takes part, and no dossier of the same
    procedure is open for it. Who may be told is another question: `procedures.detection.audience`.
    """
    here = _of_this_city(rule.definition, rule.path.holder, day)
    return _without_dossier(facts_due(rule, due).filter(here), rule)


def behind_suggestion(rule: ScannedRule, due: DueWindow, day: date) -> Facts:
    """Return the fact that holds behind an outer suggestion: like `holding`, for one row at a time.

    The party is asked by its key, without the join that telling it needs.
    """
    facts = same_cycle(rule, due)
    if rule.definition.kind == TriggerKind.AGE_MILESTONE:
        facts = facts.filter(_of_this_city(rule.definition, "", day))
    else:
        is_company = rule.definition.subject == SubjectKind.ORGANISATION
        parties: QuerySet[Any, Any] = (Organisation if is_company else Citizen).objects.order_by()
        here = _of_this_city(rule.definition, "", day)
        facts = facts.filter(has(parties.filter(here, pk=OuterRef(rule.path.party_id))))
    return _without_dossier(facts, rule)


def same_cycle(rule: ScannedRule, due: DueWindow) -> Facts:
    """Return the fact of an outer suggestion's anchor and cycle, if it is due in `due`."""
    return facts_due(rule, due).filter(anchor=OuterRef("anchor"), cycle=OuterRef("cycle"))


def _without_dossier(facts: Facts, rule: ScannedRule) -> Facts:
    open_matter = OpenMatter.objects.filter(
        procedure=rule.version.rule.procedure_id,
        party=OuterRef(rule.path.party_id),
        anchor__in=[OuterRef("anchor"), Value(0)],
        closed_on__isnull=True,
    )
    return facts.filter(lacks(open_matter))


def _credentials(definition: RuleDefinition, due: DueWindow) -> Facts:
    facts = Credential.objects.live().of_kind(str(definition.credential_kind))
    return (
        facts.expiring_between(due.first, due.last)
        .exclude(expires_on__in=[day for day in SENTINELS if due.first <= day <= due.last])
        .annotate(anchor=F("pk"), cycle=F("term"), due_on=F("expires_on"))
    )


def _birthdays(definition: RuleDefinition, due: DueWindow) -> Facts:
    births = {age: birth_window(age, due) for age in definition.ages}
    of_age = {age: Q(birth_date__range=(b.first, b.last)) for age, b in births.items()}
    any_age = Q()
    for condition in of_age.values():
        any_age |= condition
    cycle = Case(
        *[When(condition, then=Value(age)) for age, condition in of_age.items()],
        output_field=IntegerField(),
    )
    facts = (
        Citizen.objects.alive()
        .filter(any_age)
        .exclude(birth_date__in=BIRTH_SENTINELS)
        .annotate(anchor=F("party_id"), cycle=cycle, due_on=Years("birth_date", cycle))
        .order_by()
    )
    return _without_fresh_card(facts, definition)


def _without_fresh_card(facts: Facts, definition: RuleDefinition) -> Facts:
    """Leave out whose card was issued so shortly before the milestone that it outlives it."""
    years = definition.skip_if_issued_within_years
    if not (years and definition.identity_kind):
        return facts
    card = Credential.objects.live().of_kind(definition.identity_kind)
    fresh = card.filter(
        holder=OuterRef("party_id"), issued_on__gte=Years(OuterRef("due_on"), Value(-years))
    )
    return facts.filter(~Exists(fresh))


def _of_this_city(definition: RuleDefinition, prefix: str, day: date) -> Q:
    where = Q(**{f"{prefix}unit__valid__contains": day})
    if definition.units:
        where &= Q(**{f"{prefix}unit__code__in": definition.units})
    if definition.subject == SubjectKind.ORGANISATION:
        return where
    return where & living_here(prefix)


def living_here(prefix: str) -> Q:
    """Return the condition that a person has not died, been merged away or emigrated (F21)."""
    gone = ("died_on", "survivor", "emigrated_on")
    return Q(**{f"{prefix}{name}__isnull": True for name in gone})
