"""What is known of a party that some rules have no fact about: its last papers and events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from citizens.enums import LifeEventKind, PartyKind
from citizens.models import Citizen, Credential, LifeEvent, Party
from procedures.definition import RuleDefinition
from procedures.detection.conditions import Delivered

_MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Known:
    """A party's last paper of each kind, its events (latest first), and what was ever delivered.

    `valid` are the keys of those papers that stand; `delivered` are kinds of papers and events of
    which anybody's is on record, for kinds of which the party has none.
    """

    party: Party
    person: Citizen | None
    papers: Mapping[str, Credential]
    valid: frozenset[int]
    events: Sequence[LifeEvent]
    delivered: frozenset[str]

    def last_event(self, kinds: Collection[str]) -> LifeEvent | None:
        """Return the latest event of one of these kinds."""
        return next((event for event in self.events if event.kind in kinds), None)


def kinds_asked(definitions: Iterable[RuleDefinition]) -> set[str]:
    """Return of which kinds of papers and events rules begin with one."""
    kinds: set[str] = set()
    for one in definitions:
        kinds |= {kind for kind in (one.credential_kind, one.identity_kind) if kind}
        kinds |= {str(kind) for kind in one.events}
    return kinds


def known(party: Party, definitions: Iterable[RuleDefinition], delivered: Delivered) -> Known:
    """Read what rules ask of a party, two queries at most; `delivered` is read already."""
    definitions = list(definitions)
    papers = {one.credential_kind for one in definitions if one.credential_kind}
    papers |= {one.identity_kind for one in definitions if one.identity_kind}
    events = {kind for one in definitions for kind in one.events}
    held = _last_papers(party, papers)
    happened = _events(party, events)
    wanted = {*(papers - held.keys()), *(events - {LifeEventKind(one.kind) for one in happened})}
    is_person = party.kind == PartyKind.CITIZEN and bool(definitions)
    return Known(
        party,
        party.citizen if is_person else None,
        held,
        frozenset(paper.pk for paper in held.values() if getattr(paper, "is_valid", False)),
        happened,
        frozenset(kind for kind in wanted if kind in delivered),
    )


def _last_papers(party: Party, kinds: Collection[str]) -> dict[str, Credential]:
    if not kinds:
        return {}
    live = Credential.objects.live().filter(pk=OuterRef("pk"))
    rows = Credential.objects.filter(holder=party, kind__in=sorted(kinds))
    last = rows.order_by("kind", "-issued_on", "-pk").distinct("kind")
    return {paper.kind: paper for paper in last.annotate(is_valid=Exists(live))}


def _events(party: Party, kinds: Collection[str]) -> list[LifeEvent]:
    if not kinds:
        return []
    rows = LifeEvent.objects.filter(kind__in=sorted(kinds), parties__party=party)
    return list(rows.order_by("-occurred_on", "-pk")[:_MOST_EVENTS])
