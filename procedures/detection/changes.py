"""Facts that changed: whose suggestions they can touch, and which rules have to look again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from citizens.enums import FactKind
from citizens.models import Credential, EventParty, HouseholdMember
from procedures.definition.conditions import tree_to_json
from procedures.detection.engine import Held
from procedures.detection.terms import among
from procedures.enums import TriggerKind
from procedures.models import RuleVersion
from procedures.selectors.exemptions import exemption_in_force

# The paper that a household holds, and the predicate that asks for it without naming it.
_STATUS_OF_HOME = "poor_household_status"
_ASKS_FOR_STATUS = "household_status"
_ASKS_FOR_EXEMPTION = "exemption"
Change = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Changes:
    """The parties that changes concern, the kinds of their papers and of their events."""

    subjects: Sequence[int]
    papers: frozenset[str]
    events: frozenset[str]
    papers_only: bool

    @classmethod
    def of(cls, changes: Iterable[Change]) -> Changes:
        """Look at changes, each as kind, key of the fact and party.

        Whoever shares an event or a household with a party is concerned too: a father becomes
        known of whom the mother's suggestion tells, a member's household has its own. Of papers
        that is so for the status of a household alone.
        """
        changes = list(changes)
        parties = sorted({party for _, _, party in changes})
        if all(kind == FactKind.CREDENTIAL for kind, _, _ in changes):
            changed = among("pk", sorted({key for _, key, _ in changes}))
            papers = _distinct(Credential.objects.filter(changed), "kind")
            near = _near(parties) if _STATUS_OF_HOME in papers else set()
            return cls(sorted({*parties, *near}), papers, frozenset(), papers_only=True)
        subjects = sorted({*parties, *_near(parties)})
        return cls(
            subjects=subjects,
            papers=_distinct(Credential.objects.filter(among("holder_id", subjects)), "kind"),
            events=_distinct(EventParty.objects.filter(among("party_id", subjects)), "event__kind"),
            papers_only=False,
        )

    def concern(self, versions: Iterable[RuleVersion], held: Held, day: date) -> list[RuleVersion]:
        """Return the rules that on `day` can have anything to do with these changes.

        A paper concerns the rules about its kind and those whose conditions name it, themselves or
        in an exemption. Whatever else changed about a party may concern all its papers, its events,
        its birthdays and campaigns, and every rule that has suggestions about it.
        """
        return [version for version in versions if self._concern(version, held, day)]

    def _concern(self, version: RuleVersion, held: Held, day: date) -> bool:
        definition = version.definition
        named = {definition.get(key) for key in ("credential_kind", "identity_kind")}
        if self.papers & {*named, *_words(definition.get("conditions"), day)}:
            return True
        if self.papers_only:
            return False
        if self.events.intersection(definition.get("events") or ()):
            return True
        of_people = (TriggerKind.AGE_MILESTONE, TriggerKind.CALENDAR)
        return version.rule.kind in of_people or held.any_of(version.rule_id)


def _near(parties: Sequence[int]) -> set[int]:
    """Return who shares an event or a household with one of these, and their households."""
    marks = EventParty.objects.filter(among("party_id", parties)).values("event")
    homes = HouseholdMember.objects.filter(among("citizen_id", parties)).values("household")
    members = HouseholdMember.objects.filter(among("household_id", parties))
    shared = EventParty.objects.filter(event__in=marks).order_by().values_list("party_id")
    of_homes = homes.order_by().values_list("household_id")
    of_members = members.order_by().values_list("citizen_id")
    return {key for (key,) in shared.union(of_homes, of_members)}


def _distinct(rows: QuerySet[Any, Any], column: str) -> frozenset[str]:
    return frozenset(rows.order_by().values_list(column, flat=True).distinct())


def _words(conditions: Any, day: date) -> Iterator[str]:
    """Yield the texts of conditions, among them the kinds of papers that they name."""
    if isinstance(conditions, str):
        yield conditions
    elif isinstance(conditions, dict):
        for key, value in conditions.items():
            if key == _ASKS_FOR_STATUS:
                yield _STATUS_OF_HOME
            if key == _ASKS_FOR_EXEMPTION:
                yield from _words_of_exemption(value, day)
            yield from _words(value, day)
    elif isinstance(conditions, list):
        for value in conditions:
            yield from _words(value, day)


def _words_of_exemption(named: dict[str, Any], day: date) -> Iterator[str]:
    found = exemption_in_force(code=named["procedure"], key=named["key"], day=day)
    if found is not None:
        yield from _words(tree_to_json(found.conditions), day)
