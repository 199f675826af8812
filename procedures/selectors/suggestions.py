"""Reads of suggestions: what waits for a person, and why it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from citizens.models import Citizen, Credential
from portal.common import clock
from portal.common.sql import ask_together
from procedures.definition import RuleDefinition
from procedures.enums import SuggestionState, TriggerKind
from procedures.models import Suggestion
from procedures.rules import FilingWindow, filing_window
from procedures.selectors.recipients import addressed_to, not_about_the_dead


def _shown() -> QuerySet[Suggestion]:
    """Suggestions with all that a page about them reads, of those that may be shown."""
    about = ("subject__citizen", "subject__organisation", "subject__household")
    offer = ("rule__procedure", "rule__bundle", "rule_version")
    return not_about_the_dead(Suggestion.objects.select_related(*offer, *about))


def suggestions_of(*, citizen: Citizen, day: date) -> QuerySet[Suggestion]:
    """Return what waits for this person's answer on the civil date `day`, most urgent first.

    What the person put off until after `day` comes last; what its rule does not address to them on
    `day` (a right to act has ended, they are no longer head of the household) is not there.
    """
    waiting = Q(pk__in=Suggestion.objects.waiting().of_recipient(citizen).values("pk"))
    put_off = When(state=SuggestionState.SNOOZED, next_remind_on__gt=day, then=Value(True))
    last = Case(put_off, default=Value(False), output_field=BooleanField())
    mine = _shown().filter(waiting, addressed_to(citizen, day))
    return mine.order_by(last, "due_on", "pk")


def told_suggestions(*, citizen: Citizen, day: date) -> QuerySet[Suggestion]:
    """Return, in whatever state, what this person was told of and may act on the day `day`.

    From the day on which a right to act for somebody has ended, theirs are no longer there.
    """
    return _shown().filter(addressed_to(citizen, day), recipients__citizen=citizen)


def papers_behind(suggestions: QuerySet[Suggestion]) -> QuerySet[Credential]:
    """Return the papers whose end some suggestions are about, each with its register."""
    ending = suggestions.filter(rule__kind=TriggerKind.CREDENTIAL_EXPIRY).order_by()
    return Credential.objects.filter(pk__in=ending.values("anchor")).select_related("register")


def suggestion_and_papers(
    *, citizen: Citizen, public_id: UUID | str
) -> tuple[Suggestion, Sequence[Credential]]:
    """Return `suggestion_for` and the paper that it is about, if it is about one (one query)."""
    told = told_suggestions(citizen=citizen, day=clock.today()).filter(public_id=public_id)
    papers = papers_behind(Suggestion.objects.filter(public_id=public_id))
    ask_together(told, papers)
    for suggestion in told:
        return suggestion, list(papers)
    raise Suggestion.DoesNotExist


def suggestion_for(*, citizen: Citizen, public_id: UUID | str) -> Suggestion:
    """Return one of the suggestions that this person was told of and may act on today.

    Suggestion.DoesNotExist for everybody else, as for one that never was.
    """
    return told_suggestions(citizen=citizen, day=clock.today()).get(public_id=public_id)


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
