"""Reads of suggestions: what waits for a person, and why it is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from citizens.models import Citizen
from citizens.selectors import acting_for
from portal.common import clock
from procedures.definition import RuleDefinition
from procedures.enums import SuggestionState
from procedures.models import Suggestion
from procedures.rules import FilingWindow, filing_window


def _shown() -> QuerySet[Suggestion]:
    """Suggestions with all that a page about them reads; never about somebody who died."""
    about = ("subject__citizen", "subject__organisation")
    related = Suggestion.objects.select_related("rule__procedure", "rule_version", *about)
    alive = Q(subject__citizen__isnull=True) | Q(
        subject__citizen__died_on__isnull=True, subject__citizen__survivor__isnull=True
    )
    return related.filter(alive)


def _open_to(citizen: Citizen, day: date) -> Q:
    """What is about the person, or about those they may act for on `day`: rights end."""
    return Q(subject_id=citizen.pk) | Q(subject__in=acting_for(actor=citizen, day=day))


def suggestions_of(*, citizen: Citizen, day: date) -> QuerySet[Suggestion]:
    """Return what waits for this person's answer on the civil date `day`, most urgent first.

    What the person put off until after `day` comes last; what is about somebody for whom they may
    not act on `day` is not there.
    """
    waiting = Q(pk__in=Suggestion.objects.waiting().of_recipient(citizen).values("pk"))
    put_off = When(state=SuggestionState.SNOOZED, next_remind_on__gt=day, then=Value(True))
    last = Case(put_off, default=Value(False), output_field=BooleanField())
    mine = _shown().filter(waiting, _open_to(citizen, day))
    return mine.order_by(last, "due_on", "pk")


def told_suggestions(*, citizen: Citizen, day: date) -> QuerySet[Suggestion]:
    """Return, in whatever state, what this person was told of and may act on the day `day`.

    From the day on which a right to act for somebody has ended, theirs are no longer there.
    """
    return _shown().filter(_open_to(citizen, day), recipients__citizen=citizen)


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
