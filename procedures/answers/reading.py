"""What is known of a party under some rules, read by one statement for all of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    JSONField,
    OuterRef,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from citizens.models import Party
from notifications.selectors import opted_out_parties
from procedures.definition.conditions import Leaf, leaves
from procedures.detection.audience import with_recipients
from procedures.detection.conditions import Asked, Delivered, cost, told_of, valued
from procedures.detection.facts import Facts, ScannedRule, facts_due
from procedures.detection.holding import of_this_city, open_matters
from procedures.detection.shares import ALL
from procedures.detection.terms import InShare, lacks
from procedures.detection.windows import DueWindow, due_window
from procedures.enums import SubjectKind, TriggerKind
from procedures.models import Suggestion

MOST = 20
# How far ahead a coming fact is looked for.
_AHEAD = timedelta(days=3_660)
_COLUMNS = (
    "found_by", "anchor", "cycle", "due_on", "here", "no_dossier", "in_share", "missing",
    "state", "has_stopped", "source", "home", "own",
)  # fmt: skip
Key = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Read:
    """One condition of a fact as it was read: its value, and the data that it was read from."""

    holds: bool | None
    shows: str
    register: str
    as_of: date | None

    @classmethod
    def of(cls, cell: Any) -> Read:
        """Return what stands in the statement's document."""
        holds, shows, register, as_of = cell
        return cls(
            holds, shows or "", register or "", date.fromisoformat(as_of[:10]) if as_of else None
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A fact with what every rule asks of it, and the rule's own conditions from the left.

    `missing` is how many facts that are not known would have to turn out right; `in_share` is None
    where the rule is released to everybody. `source` is the date from which the fact follows,
    `home` the unit in which the party lives or has its seat. `state` is that of the fact's
    suggestion, whichever party it is of; `has_stopped` that the party declined to hear of such.
    """

    anchor: int
    cycle: int
    due_on: date
    here: bool
    no_dossier: bool
    in_share: bool | None
    missing: int
    state: str | None
    has_stopped: bool
    source: Read
    home: Read
    own: tuple[Read, ...]

    @classmethod
    def of(cls, *cells: Any) -> Row:
        """Return a row of the statement, without its first column."""
        anchor, cycle, due_on, here, no_dossier, in_share, missing, state, *more = cells
        has_stopped, source, home, own = more
        return cls(
            anchor,
            cycle,
            due_on,
            here,
            no_dossier,
            in_share,
            missing,
            state,
            has_stopped,
            Read.of(source),
            Read.of(home),
            tuple(map(Read.of, own)),
        )

    @property
    def key(self) -> Key:
        """The fact's place in the rule's ledger."""
        return self.anchor, self.cycle


def read_facts(
    rules: Collection[ScannedRule], party: Party, day: date, delivered: Delivered
) -> dict[int, list[Row]]:
    """Return the facts of each rule (by its version) from its window on, the next due first."""
    found: dict[int, list[Row]] = {}
    parts = [_asked_of(Asked(rule, day, delivered), party) for rule in rules]
    for version, *cells in _united(parts):
        found.setdefault(version, []).append(Row.of(*cells))
    for rows in found.values():
        rows.sort(key=lambda row: (row.due_on, row.key))
    return found


def read_recipients(
    rules: Collection[ScannedRule], party: Party, day: date
) -> dict[int, dict[Key, tuple[int, ...]]]:
    """Return who would be told of each fact, by the rule's version."""
    parts = []
    for rule in rules:
        rows = with_recipients(_about(rule, party, day), rule, rule.path, day)
        marked = rows.annotate(found_by=_version(rule)).order_by()
        parts.append(marked.values_list("found_by", "anchor", "cycle", "recipient"))
    people: dict[int, dict[Key, set[int]]] = {}
    for version, anchor, cycle, person in _united(parts):
        if person is not None:
            people.setdefault(version, {}).setdefault((anchor, cycle), set()).add(person)
    return {
        version: {key: tuple(sorted(told)) for key, told in facts.items()}
        for version, facts in people.items()
    }


def _united(parts: list[Facts]) -> Facts | list[Any]:
    if not parts:
        return []
    return parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]


def _version(rule: ScannedRule) -> Value:
    return Value(rule.version.pk, BigIntegerField())


def _about(rule: ScannedRule, party: Party, day: date) -> Facts:
    """Return the rule's facts about the party; what happens to people is not known ahead."""
    due = due_window(rule.definition, day)
    if rule.definition.kind != TriggerKind.LIFE_EVENT:
        due = DueWindow(due.first, max(due.last, day + _AHEAD))
    return facts_due(rule, due).filter(**{rule.path.party_id: party.pk})


def _asked_of(asked: Asked, party: Party) -> Facts:
    rule, day = asked.rule, asked.day
    facts = _about(rule, party, day).annotate(
        found_by=_version(rule),
        here=_flag(of_this_city(rule.definition, rule.path.holder, day)),
        no_dossier=lacks(open_matters(rule, rule.path.party_id)),
        in_share=_share(rule),
        state=_state(rule),
        has_stopped=Exists(opted_out_parties(str(rule.definition.topic)).filter(party=party)),
        source=_source(rule),
        home=_home(rule),
        **_conditions(asked),
    )
    told: Facts = facts.order_by("due_on").values_list(*_COLUMNS)[: MOST * 2]
    return told


def _state(rule: ScannedRule) -> Subquery:
    held = Suggestion.objects.order_by().filter(
        rule=rule.version.rule_id, anchor=OuterRef("anchor"), cycle=OuterRef("cycle")
    )
    return Subquery(held.values("state"))


def _source(rule: ScannedRule) -> Any:
    """Return the date on record from which the fact follows."""
    if rule.definition.kind == TriggerKind.LIFE_EVENT:
        return _told("event__occurred_on", "event__register_id", "event__as_of")
    return _told("birth_date" if rule.is_of_births else "expires_on", "register_id", "as_of")


def _home(rule: ScannedRule) -> Any:
    holder = rule.path.holder
    register: Any = f"{holder}register_id"
    if rule.definition.subject == SubjectKind.HOUSEHOLD:
        register = Value("NPD")  # households are delivered by the population register
    return _told(f"{holder}unit__name_vi", register, f"{holder}as_of")


def _told(shows: str, register: Any, as_of: str) -> Any:
    """Return a value that is known, with its register and day."""
    named = F(register) if isinstance(register, str) else register
    return _listed(*(Cast(one, TextField()) for one in (Value(None), F(shows), named, F(as_of))))


def _share(rule: ScannedRule) -> Any:
    percent, after = rule.version.audience_percent, rule.version.serves_from
    if (after, percent) == (0, ALL):
        return Cast(Value(None), BooleanField())
    return InShare(rule.path.party_id, rule.version.rule_id, percent, after=after)


def _conditions(asked: Asked) -> dict[str, Any]:
    tree = asked.rule.definition.conditions
    missing = Value(0, IntegerField()) if tree is None else cost(tree, valued(asked))
    return {
        "missing": missing,
        "own": _listed(*(_read(leaf, asked) for leaf in leaves(tree))),
    }


def _read(leaf: Leaf, asked: Asked) -> Any:
    told = told_of(leaf, asked)
    as_of = Value(None) if told.as_of is None else told.as_of
    texts = (Cast(one, TextField()) for one in (told.shows, told.register, as_of))
    return _listed(Cast(valued(asked)(leaf), BooleanField()), *texts)


def _listed(*parts: Any) -> Any:
    return Func(*parts, function="jsonb_build_array", output_field=JSONField())


def _flag(condition: Any) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())
