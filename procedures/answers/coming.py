"""Coming dates of some parties, as the rules in force see them: the scan's own facts, looked ahead.

Nothing is decided here that the scan decides: windows, fresh cards, conditions and campaigns are
the pieces of `procedures.detection`, asked for a few parties over a longer window.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import BigIntegerField, Exists, QuerySet, Value

from citizens.enums import PartyKind
from citizens.models import Citizen, Credential, Household, Party
from portal.common.sql import Statement, ask_together, select
from procedures.definition import RuleDefinition
from procedures.detection.conditions import Delivered, narrowed
from procedures.detection.facts import Facts, ScannedRule, facts_due
from procedures.detection.facts.events import first_of_event
from procedures.detection.holding import of_this_city
from procedures.detection.kept import kept_about
from procedures.detection.shares import sharing, spoken_to
from procedures.detection.terms import among
from procedures.detection.windows import SENTINELS, DueWindow, campaign_in
from procedures.enums import Addressee, SubjectKind, SuggestionState, TriggerKind
from procedures.models import RuleVersion, Suggestion
from procedures.selectors.catalogue import rules_in_force
from procedures.selectors.ties import heads_of

Key = tuple[int, int, int]
_KINDS = {
    SubjectKind.CITIZEN: PartyKind.CITIZEN,
    SubjectKind.ORGANISATION: PartyKind.ORGANISATION,
    SubjectKind.HOUSEHOLD: PartyKind.HOUSEHOLD,
}


@dataclass(frozen=True, slots=True)
class ComingDate:
    """A day that comes for a party, and what the portal does about it.

    `definition` is None of a paper that runs out without a rule of the catalogue that watches it.
    `begins_on` is the first day of a campaign, whose last is `due_on`. `told_by` and `state` are
    the key and state of its suggestion, if any; `suggestion` is set only where it waits for
    whoever asked.
    """

    party: int
    due_on: date
    definition: RuleDefinition | None
    key: Key
    begins_on: date | None = None
    paper: Credential | None = None
    suggestion: Suggestion | None = None
    told_by: int | None = None
    state: SuggestionState | None = None

    @property
    def opens_on(self) -> date | None:
        """The day from which the portal prepares it; None where it never does."""
        if self.definition is None:
            return None
        return self.due_on - timedelta(days=self.definition.open_days_before)


def watching(*, day: date) -> QuerySet[RuleVersion]:
    """Return the rules in force by which dates come; what a bundle offers is not read."""
    return rules_in_force(day=day).prefetch_related(None)


def coming_dates(
    *,
    parties: Collection[Party],
    waiting: Iterable[Suggestion],
    day: date,
    until: date,
    rules: Iterable[RuleVersion] | None = None,
) -> list[ComingDate]:
    """Return what falls due for the living among `parties` from `day` to `until`, earliest first.

    `waiting` are the suggestions that wait for whoever asks: they are in it whatever they are about
    and however late. A campaign or event that was done with is left out. Who may see the parties is
    for the caller to know. `rules` are `watching` where it was read already. A constant number of
    queries.
    """
    keys = [party.pk for party in parties]
    window = DueWindow(day, until)
    versions = sharing(list(watching(day=day) if rules is None else rules))
    scanned = [ScannedRule.of(version) for version in versions]
    told = {_key(row): row for row in waiting}
    facts = _facts(_about_kinds(scanned, {party.kind for party in parties}), window, keys, day)
    ending, known = _papers(keys, window, told.values()), _told([fact.key for fact in facts])
    ask_together(ending, known)
    papers = {paper.pk: paper for paper in ending}
    states = {
        (rule, anchor, cycle): (told_by, SuggestionState(state))
        for rule, anchor, cycle, told_by, state in known
    }
    dates = [
        _of_fact(fact, window, papers, *states.get(fact.key, (None, None)))
        for fact in facts
        if fact.key not in told
    ]
    dates += [_of_suggestion(row, papers) for row in told.values()]
    dates += _unwatched(papers, dates)
    left = [one for one in dates if one.state != SuggestionState.FULFILLED]
    return sorted(left, key=lambda one: (one.due_on, one.party, one.key))


def households_answered_for(*, citizen: Citizen, day: date) -> list[Party]:
    """Return the household of which the person is the head, or a grown-up where it has none."""
    if citizen.homes is not None:
        return list(citizen.homes)
    heads = heads_of("pk", day)[0]
    mine = heads.rows.filter(**{heads.person: citizen.pk})
    rows = Household.objects.filter(Exists(mine), members__citizen=citizen)
    return list(Party.objects.filter(pk__in=rows.values("pk")).select_related("household"))


class _Fact(NamedTuple):
    """A row of the statement, with the rule that found it."""

    rule: ScannedRule
    anchor: int
    cycle: int
    due_on: date
    party: int

    @property
    def key(self) -> Key:
        return self.rule.version.rule_id, self.anchor, self.cycle


def _about_kinds(rules: Iterable[ScannedRule], kinds: Collection[str]) -> list[ScannedRule]:
    """Return the rules that speak of parties of these kinds; of the dead only families are told."""
    return [
        rule
        for rule in rules
        if _KINDS[rule.definition.subject] in kinds and rule.definition.address != Addressee.FAMILY
    ]


def _facts(
    rules: Iterable[ScannedRule], window: DueWindow, parties: list[int], day: date
) -> list[_Fact]:
    """Return the facts of all rules about some parties by one statement."""
    by_version = {rule.version.pk: rule for rule in rules}
    if not by_version:
        return []
    delivered = Delivered(by_version.values())
    has_conditions = any(rule.definition.conditions is not None for rule in rules)
    told = (_of_parties, window, day, has_conditions and delivered.of_named())

    def asked(rule: ScannedRule) -> Statement:
        def compose(about: Sequence[int]) -> Statement:
            return select(_of_parties(rule, window, about, day, delivered))

        return kept_about(rule, told, parties, compose)

    statements = [asked(rule) for rule in by_version.values()]
    everything = Statement(
        " UNION ALL ".join(f"({one.sql})" for one in statements),
        tuple(value for one in statements for value in one.params),
    )
    return [_Fact(by_version[version], *fact) for version, *fact in everything.fetch()]


def _of_parties(
    rule: ScannedRule, window: DueWindow, parties: Sequence[int], day: date, delivered: Delivered
) -> Facts:
    here = of_this_city(rule.definition, rule.path.holder, day)
    facts = facts_due(rule, window).filter(here, among(rule.path.party_id, parties))
    facts = spoken_to(facts, rule)
    if rule.definition.kind == TriggerKind.LIFE_EVENT:
        facts = first_of_event(facts, rule.definition, here)
    version = Value(rule.version.pk, BigIntegerField())
    rows = narrowed(facts, rule, day, delivered).annotate(found_by=version).order_by()
    told: Facts = rows.values_list("found_by", "anchor", "cycle", "due_on", rule.path.party_id)
    return told


def _key(row: Suggestion) -> Key:
    return row.rule_id, row.anchor, row.cycle


def _told(keys: Collection[Key]) -> QuerySet[Suggestion, tuple[int, int, int, int, str]]:
    """Return which suggestion there is of each fact, and its state."""
    rows = Suggestion.objects.filter(
        rule__in={rule for rule, _anchor, _cycle in keys},
        anchor__in={anchor for _rule, anchor, _cycle in keys},
    )
    return rows.values_list("rule", "anchor", "cycle", "pk", "state")


def _papers(
    parties: list[int], window: DueWindow, told: Iterable[Suggestion]
) -> QuerySet[Credential]:
    """Return the papers that run out, and those that the suggestions are about."""
    about = {row.anchor for row in told if row.rule.kind == TriggerKind.CREDENTIAL_EXPIRY}
    running_out = Credential.objects.live().filter(
        holder__in=parties, expires_on__range=(window.first, window.last)
    )
    rows = running_out.exclude(expires_on__in=SENTINELS) | Credential.objects.filter(pk__in=about)
    return rows.select_related("register")


def _of_fact(
    fact: _Fact,
    window: DueWindow,
    papers: Mapping[int, Credential],
    told_by: int | None,
    state: SuggestionState | None,
) -> ComingDate:
    definition = fact.rule.definition
    is_campaign = definition.kind == TriggerKind.CALENDAR
    return ComingDate(
        party=fact.party,
        due_on=fact.due_on,
        definition=definition,
        key=fact.key,
        begins_on=campaign_in(definition, window).first if is_campaign else None,
        paper=_paper_of(definition, fact.anchor, papers),
        told_by=told_by,
        state=state,
    )


def _of_suggestion(row: Suggestion, papers: Mapping[int, Credential]) -> ComingDate:
    definition = RuleDefinition.from_json(row.rule_version.definition)
    return ComingDate(
        party=row.subject_id,
        due_on=row.due_on,
        definition=definition,
        key=_key(row),
        begins_on=_begins_on(definition, row.due_on),
        paper=_paper_of(definition, row.anchor, papers),
        suggestion=row,
        told_by=row.pk,
        state=SuggestionState(row.state),
    )


def _begins_on(definition: RuleDefinition, due_on: date) -> date | None:
    if definition.kind != TriggerKind.CALENDAR:
        return None
    return campaign_in(definition, DueWindow(due_on, due_on)).first


def _paper_of(
    definition: RuleDefinition, anchor: int, papers: Mapping[int, Credential]
) -> Credential | None:
    return papers.get(anchor) if definition.kind == TriggerKind.CREDENTIAL_EXPIRY else None


def _unwatched(
    papers: Mapping[int, Credential], dates: Iterable[ComingDate]
) -> Iterator[ComingDate]:
    """Yield the papers that run out of which no rule speaks, neither by paper nor by birthday."""
    spoken_of = {one.paper.pk for one in dates if one.paper is not None}
    replaced = {
        (one.party, one.due_on, one.definition.identity_kind)
        for one in dates
        if one.definition is not None and one.definition.identity_kind
    }
    for paper in papers.values():
        due_on = paper.expires_on
        if due_on is None or paper.pk in spoken_of:
            continue
        if (paper.holder_id, due_on, paper.kind) not in replaced:
            key = (0, paper.pk, paper.term)
            yield ComingDate(paper.holder_id, due_on, None, key, paper=paper)
