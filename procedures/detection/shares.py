"""Versions that share an audience: a new one begins with some, the one before keeps the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from django.db.models import Q

from procedures.detection.facts import Facts, ScannedRule
from procedures.detection.terms import InShare
from procedures.enums import VersionStatus
from procedures.models import RuleVersion
from procedures.models.suggestions import SuggestionQuerySet
from procedures.selectors.catalogue import rules_in_force

ALL = 100
ALL_RULES = Q()
Rows = TypeVar("Rows", Facts, SuggestionQuerySet)


def serving_rules(*, day: date, among: Q = ALL_RULES) -> list[RuleVersion]:
    """Return the versions in force on `day`, with those that they share their audience with.

    A version that begins with a share leaves the others of its audience to the version before, up
    to whose end it was in force without a gap, until it is extended to all. Each comes with its
    own part set (`serves_from`, `serves_to`); a version without others behind it answers for all
    that waits, but speaks anew to its own share only. `among` chooses some rules' versions.
    """
    return sharing(list(rules_in_force(day=day).filter(among)))


def sharing(newest: list[RuleVersion]) -> list[RuleVersion]:
    """Return versions in force with those that they share their audience with, as they serve."""
    begun = [version for version in newest if version.audience_percent < ALL]
    if not begun:
        return newest
    rows = RuleVersion.objects.filter(
        rule__in=[version.rule_id for version in begun], status=VersionStatus.RELEASED
    )
    known = rows.select_related("rule__procedure", "rule__bundle")
    ordered = known.prefetch_related("rule__bundle__versions").order_by("rule", "-valid")
    behind = {rule: list(versions) for rule, versions in groupby(ordered, attrgetter("rule_id"))}
    return [one for version in newest for one in _sharing(version, behind.get(version.rule_id, []))]


def _sharing(newest: RuleVersion, versions: Sequence[RuleVersion]) -> Iterator[RuleVersion]:
    """Yield a version and those before it, each with its part of the audience."""
    served = 0
    chain = list(_larger(newest, versions))
    for number, version in enumerate(chain, start=1):
        version.serves_from = served
        version.serves_to = ALL if number == len(chain) else version.audience_percent
        served = version.audience_percent
        yield version


def _larger(newest: RuleVersion, versions: Iterable[RuleVersion]) -> Iterator[RuleVersion]:
    """Yield a version and each before it that speaks to more, as long as there is no gap."""
    yield newest
    begins, share = newest.valid.lower, newest.audience_percent
    for version in versions:
        if share == ALL or begins is None:
            return
        if version.valid.upper != begins:
            continue
        begins = version.valid.lower
        if version.audience_percent > share:
            share = version.audience_percent
            yield version


def spoken_to(facts: Facts, rule: ScannedRule) -> Facts:
    """Return the facts about parties to whom the rule's version speaks."""
    return _within(facts, rule, rule.path.party_id, rule.version.audience_percent)


def answered_for(rows: SuggestionQuerySet, rule: ScannedRule) -> SuggestionQuerySet:
    """Return the suggestions for which the rule's version answers, among them older ones."""
    return _within(rows, rule, "subject_id", rule.version.serves_to)


def _within(rows: Rows, rule: ScannedRule, party: str, percent: int) -> Rows:
    after = rule.version.serves_from
    if (after, percent) == (0, ALL):
        return rows
    return rows.filter(InShare(party, rule.version.rule_id, percent, after=after))
