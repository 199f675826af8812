"""Facts that changed: whose suggestions they can touch, and which rules have to look again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from citizens.enums import FactKind
from citizens.models import Credential, EventParty, HouseholdMember, Relation
from citizens.selectors.kin import PARENTS
from procedures.definition.conditions import tree_to_json
from procedures.detection.engine import Held
from procedures.detection.terms import among
from procedures.enums import TriggerKind
from procedures.models import OpenMatter, Rule, RuleVersion
from procedures.selectors.catalogue import offered_codes
from procedures.selectors.exemptions import exemption_in_force

# The paper that a household holds, and the predicate that asks for it without naming it.
_STATUS_OF_HOME = "poor_household_status"
_ASKS_FOR_STATUS = "household_status"
_ASKS_FOR_EXEMPTION = "exemption"
Change = tuple[str, int, int]
# What changed about these says by itself which rules it concerns.
_NARROW = frozenset({FactKind.CREDENTIAL, FactKind.MATTER})


@dataclass(frozen=True, slots=True)
class Changes:
    """The parties that changes concern, what they are about, and the kinds of their events.

    `about` are kinds of papers and codes of procedures; `is_narrow` says that nothing but those
    papers and dossiers changed.
    """

    subjects: Sequence[int]
    about: frozenset[str]
    events: frozenset[str]
    is_narrow: bool

    @classmethod
    def of(cls, changes: Iterable[Change]) -> Changes:
        """Look at changes, each as kind, key of the fact and party.

        Whoever shares an event or a household with a party is concerned too: a father becomes
        known of whom the mother's suggestion tells, a member's household has its own. Of papers
        that is so for the status of a household alone, and a dossier concerns the children as well.
        """
        changes = list(changes)
        parties = sorted({party for _, _, party in changes})
        applicants = sorted({party for kind, _, party in changes if kind == FactKind.MATTER})
        children = _children(applicants) if applicants else set()
        procedures = _procedures(changes) if applicants else frozenset()
        if _NARROW.issuperset(kind for kind, _, _ in changes):
            papers = _papers(changes)
            near = _near(parties if _STATUS_OF_HOME in papers else applicants)
            subjects = sorted({*parties, *near, *children})
            return cls(subjects, papers | procedures, frozenset(), is_narrow=True)
        subjects = sorted({*parties, *_near(parties), *children})
        held = _distinct(Credential.objects.filter(among("holder_id", subjects)), "kind")
        marks = EventParty.objects.filter(among("party_id", subjects))
        return cls(subjects, held | procedures, _distinct(marks, "event__kind"), is_narrow=False)

    def concern(self, versions: Iterable[RuleVersion], held: Held, day: date) -> list[RuleVersion]:
        """Return the rules that on `day` can have anything to do with these changes.

        A paper concerns the rules about its kind and those whose conditions name it, themselves or
        in an exemption; a dossier those that offer its procedure or name it. Whatever else changed
        about a party may concern all its papers, its events, its birthdays and campaigns, and every
        rule that has suggestions about it.
        """
        return [version for version in versions if self._concern(version, held, day)]

    def _concern(self, version: RuleVersion, held: Held, day: date) -> bool:
        definition = version.definition
        named = {definition.get(key) for key in ("credential_kind", "identity_kind")}
        words = _words(definition.get("conditions"), day)
        if self.about & {*named, *words, *_offered(version.rule)}:
            return True
        if self.is_narrow:
            return False
        if self.events.intersection(definition.get("events") or ()):
            return True
        of_people = (TriggerKind.AGE_MILESTONE, TriggerKind.CALENDAR)
        return version.rule.kind in of_people or held.any_of(version.rule_id)


def _papers(changes: Iterable[Change]) -> frozenset[str]:
    keys = sorted({key for kind, key, _ in changes if kind == FactKind.CREDENTIAL})
    return _distinct(Credential.objects.filter(among("pk", keys)), "kind")


def _procedures(changes: Iterable[Change]) -> frozenset[str]:
    keys = sorted({key for kind, key, _ in changes if kind == FactKind.MATTER})
    return _distinct(OpenMatter.objects.filter(among("pk", keys)), "procedure__code")


def _offered(rule: Rule) -> Sequence[str]:
    """Return the codes of the procedures of which a dossier answers what the rule offers."""
    if rule.bundle is not None:
        return offered_codes(rule.bundle)
    return [rule.procedure.code] if rule.procedure is not None else []


def _children(parents: Sequence[int]) -> set[int]:
    kin = Relation.objects.filter(among("person_id", parents), kind__in=PARENTS)
    return set(kin.values_list("relative_id", flat=True))


def _near(parties: Sequence[int]) -> set[int]:
    """Return who shares an event or a household with one of these, and their households."""
    if not parties:
        return set()
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
