"""Reads of the catalogue and of suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from citizens.models import Citizen
from procedures.definition import RuleDefinition
from procedures.definition.rule import SCANNED
from procedures.enums import SuggestionState, TriggerKind
from procedures.models import Procedure, ProcedureVersion, RuleVersion, Suggestion
from procedures.models.catalogue import in_force
from procedures.rules import FilingWindow, filing_window


def version_in_force(*, procedure: Procedure, day: date) -> ProcedureVersion:
    """Return the version in force on the civil date `day`; DoesNotExist where there is none."""
    versions = ProcedureVersion.objects.filter(in_force(day)).select_related("procedure")
    return versions.get(procedure=procedure)


def rules_in_force(*, day: date, kinds: Sequence[TriggerKind] = SCANNED) -> QuerySet[RuleVersion]:
    """Return the versions that hold on `day` of active rules of these kinds, in order of key."""
    versions = RuleVersion.objects.filter(in_force(day)).select_related(
        "rule__procedure", "rule__bundle"
    )
    return versions.filter(rule__is_active=True, rule__kind__in=kinds).order_by("rule__key")


def _shown() -> QuerySet[Suggestion]:
    """Suggestions with all that a page about them reads; never about somebody who died."""
    about = ("subject__citizen", "subject__organisation")
    related = Suggestion.objects.select_related("rule__procedure", "rule_version", *about)
    alive = Q(subject__citizen__isnull=True) | Q(
        subject__citizen__died_on__isnull=True, subject__citizen__survivor__isnull=True
    )
    return related.filter(alive)


def suggestions_of(*, citizen: Citizen, day: date) -> QuerySet[Suggestion]:
    """Return what waits for this person's answer, most urgent first.

    What the person put off until after the civil date `day` comes last.
    """
    waiting = Q(pk__in=Suggestion.objects.waiting().of_recipient(citizen).values("pk"))
    put_off = When(state=SuggestionState.SNOOZED, next_remind_on__gt=day, then=Value(True))
    last = Case(put_off, default=Value(False), output_field=BooleanField())
    return _shown().filter(waiting).order_by(last, "due_on", "pk")


def suggestion_for(*, citizen: Citizen, public_id: UUID | str) -> Suggestion:
    """Return a suggestion, in whatever state, that this person is told of.

    Suggestion.DoesNotExist for everybody else, as for one that never was.
    """
    return _shown().get(recipients__citizen=citizen, public_id=public_id)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why somebody sees a suggestion: sentence, law, dates, window and what happens otherwise."""

    sentence_vi: str
    sentence_en: str
    paper_vi: str
    paper_en: str
    legal_basis: tuple[str, ...]
    due_on: date
    days_left: int
    window: FilingWindow
    consequence_vi: str | None
    consequence_en: str | None

    @property
    def earliest_on(self) -> date | None:
        """The first day on which a dossier may be filed, where the law names one."""
        return self.window.earliest_on

    @property
    def latest_on(self) -> date | None:
        """The last day on which a dossier may be filed, where there is one."""
        return self.window.latest_on


def explain(*, suggestion: Suggestion, day: date) -> Explanation:
    """Return why the suggestion is there, as seen on the civil date `day`."""
    rule = RuleDefinition.from_json(suggestion.rule_version.definition)
    return Explanation(
        sentence_vi=rule.reason_vi,
        sentence_en=rule.reason_en,
        paper_vi=rule.paper_vi,
        paper_en=rule.paper_en,
        legal_basis=rule.legal_basis,
        due_on=suggestion.due_on,
        days_left=(suggestion.due_on - day).days,
        window=filing_window(rule, suggestion.due_on),
        consequence_vi=rule.consequence_vi,
        consequence_en=rule.consequence_en,
    )
