"""What all of a rule's conditions come to for one party, with the one reason that is told first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import BooleanField, Case, Q, QuerySet, When

from citizens.models import Party
from procedures.answers.asking import answers_of
from procedures.answers.lines import FactAnswers, Line, RuleAnswers
from procedures.definition.rule import SCANNED
from procedures.detection.shares import ALL_RULES, sharing
from procedures.enums import Answer, SuggestionState
from procedures.models import RuleVersion
from procedures.models.catalogue import in_force
from procedures.models.suggestions import WAITING
from procedures.selectors.catalogue import offered_on

# What was answered or done: the state of the suggestion says why there is nothing more to do.
_ENDED = (SuggestionState.DISMISSED, SuggestionState.FULFILLED)


class Outcome(StrEnum):
    """OFFERED waits for the person's answer or would on the next scan; HANDLED is under way.

    MISSING waits for one fact that no register knows, COMING for its day. NOT is everything else.
    """

    OFFERED = "offered"
    HANDLED = "handled"
    MISSING = "missing"
    COMING = "coming"
    NOT = "not"


_ORDER = tuple(Outcome)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """A rule's answers about `party`, what they come to, and the fact that decided it.

    `reason` is the condition in the way, None where nothing is or where `state` says it all.
    """

    party: Party
    answers: RuleAnswers
    outcome: Outcome
    fact: FactAnswers | None
    reason: Line | None

    @property
    def state(self) -> SuggestionState | None:
        """The state of the fact's suggestion."""
        return SuggestionState(self.fact.state) if self.fact and self.fact.state else None


def rules_told(*, day: date, among: Q = ALL_RULES) -> list[RuleVersion]:
    """Return the rules' versions in force on `day`, those of stopped rules too, in order of key.

    Of a rule that begins with a share also the version that serves the others. `among` chooses
    some rules' versions.
    """
    offers = Case(When(offered_on(day), then=True), default=False, output_field=BooleanField())
    held: list[RuleVersion] = []
    for one in _versions().filter(in_force(day), among).annotate(offers=offers):
        one.is_offered = one.offers
        held.append(one)
    serving = sharing([one for one in held if one.is_offered and one.rule.kind in SCANNED])
    for version in serving:  # also one before the newest, which was read without it
        version.is_offered = True
    known = {one.pk for one in serving}
    others = [one for one in held if one.pk not in known]
    return sorted([*serving, *others], key=lambda version: version.rule.key)


def versions_told(*, key: str, day: date, number: int | None = None) -> list[RuleVersion]:
    """Return a rule's version of that number, else those in force on `day`, else its newest.

    Several share their audience, the newest in front; nothing where there is no such rule.
    """
    versions = _versions().filter(rule__key=key).order_by("-number")
    if number is not None:
        return list(versions.filter(number=number))
    return rules_told(day=day, among=Q(rule__key=key)) or list(versions[:1])


def _versions() -> QuerySet[RuleVersion]:
    rows = RuleVersion.objects.select_related("rule__procedure", "rule__bundle")
    return rows.prefetch_related("rule__bundle__versions")


def outcomes(
    *, versions: Sequence[RuleVersion], parties: Collection[Party], day: date
) -> list[RuleOutcome]:
    """Return what each rule comes to for that one of `parties` which it is about.

    Rules about parties of another kind are left out; of versions that share their audience stands
    the one that speaks to the party. A constant number of queries a party.
    """
    found: list[RuleOutcome] = []
    for party in parties:
        about = [one for one in versions if one.definition.get("subject") == party.kind]
        told = answers_of(versions=about, party=party, day=day) if about else []
        spoken = _spoken_to(told)
        found += [outcome_of(answers, party, day) for answers in spoken]
    return sorted(found, key=lambda one: one.answers.rule_key)


def _spoken_to(told: Sequence[RuleAnswers]) -> list[RuleAnswers]:
    """Return one version's answers a rule: those of the version in whose share the party is."""
    chosen: dict[str, RuleAnswers] = {}
    for answers in told:
        is_others = any(_first(fact, "in_share") for fact in answers.facts)
        if answers.rule_key not in chosen or (answers.facts and not is_others):
            chosen[answers.rule_key] = answers
    return list(chosen.values())


def outcome_of(answers: RuleAnswers, party: Party, day: date) -> RuleOutcome:
    """Return what a rule's answers come to on the civil date `day`."""
    judged = [(_judged(fact, answers, day), fact) for fact in answers.facts]
    if not judged:
        wrong = [line for line in (*answers.lines, *answers.nothing) if line.is_met is not True]
        return RuleOutcome(party, answers, Outcome.NOT, None, next(iter(wrong), None))
    outcome, fact = min(judged, key=lambda one: (_ORDER.index(one[0]), one[1].due_on))
    return RuleOutcome(party, answers, outcome, fact, _reason(outcome, fact, answers))


def _judged(fact: FactAnswers, answers: RuleAnswers, day: date) -> Outcome:
    """Return what one fact comes to: first its suggestion, then the rule, then its conditions."""
    if fact.state in WAITING:
        return Outcome.OFFERED
    if fact.state == SuggestionState.ACCEPTED or _first(fact, "no_dossier"):
        return Outcome.HANDLED
    if fact.state in _ENDED or not answers.is_in_force:
        return Outcome.NOT
    if fact.is_suggested:
        return Outcome.OFFERED
    if any(not line.path for line in fact.in_the_way):
        return Outcome.NOT
    fits = fact.answer == Answer.YES or (
        fact.answer == Answer.LIKELY and answers.definition.suggests_likely
    )
    if fits and fact.opens_on > day:
        return Outcome.COMING
    return Outcome.MISSING if fact.answer == Answer.LIKELY else Outcome.NOT


def _first(fact: FactAnswers, key: str) -> Line | None:
    return next((line for line in fact.in_the_way if line.key == key), None)


def _reason(outcome: Outcome, fact: FactAnswers, answers: RuleAnswers) -> Line | None:
    match outcome:
        case Outcome.OFFERED | Outcome.COMING:
            return None
        case Outcome.HANDLED:
            return _first(fact, "no_dossier")
    if fact.state in _ENDED:
        return None
    stopped = next((line for line in answers.lines if line.is_met is False), None)
    return fact.first_reason() if answers.is_in_force else stopped or fact.first_reason()
