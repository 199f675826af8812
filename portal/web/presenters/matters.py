""" "My matters": what needs the person now, what is being handled, what comes in the family."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.enums import PartyKind
from citizens.models import Citizen, Credential, Party
from citizens.selectors import name_of
from citizens.selectors.kin import FULL_AGE
from portal.common import clock
from portal.web.presenters.language import either
from portal.web.presenters.papers import titled
from portal.web.templatetags.portal_format import days_left, vi_date
from procedures.definition import RuleDefinition
from procedures.enums import Addressee, SuggestionState, TriggerKind
from procedures.models import Suggestion
from procedures.rules import FilingWindow, age_on, filing_window
from procedures.selectors import papers_behind

# More than this many of one rule for one holder are one card with a list behind it.
APART = 3
# What ends within these days comes before what an office waits for.
_PRESSING = timedelta(days=7)
# What follows an event is not urgent until its last days.
_NEAR = 14


@dataclass(frozen=True)
class Matter:
    """One card of templates/components/matter_card.html, whose words these are."""

    tone: str
    state: str
    title: str
    url: str
    left: str = ""
    code: str = ""
    bar: tuple[int, int] | None = None
    lines: list[str] = field(default_factory=list)
    steps: list[dict[str, str]] = field(default_factory=list)
    action: str = ""
    snooze_url: str = ""
    ends_on: date | None = None


@dataclass(frozen=True)
class Waiting:
    """A suggestion with its rule and paper read: what cards, lists and pages are made of."""

    suggestion: Suggestion
    rule: RuleDefinition
    paper: Credential | None
    window: FilingWindow
    day: date

    @property
    def days_left(self) -> int:
        """Calendar days until the due date; negative afterwards."""
        return (self.suggestion.due_on - self.day).days

    @property
    def ends_on(self) -> date | None:
        """The last day that counts, None where nobody is hurried."""
        if self.is_of_death or self.is_wish or self.is_too_early:
            return None
        return min(self.window.latest_on or self.suggestion.due_on, self.suggestion.due_on)

    @property
    def title(self) -> str:
        """The name of the paper, with its class or plate."""
        return titled(either(self.rule.paper_vi, self.rule.paper_en), self.paper)

    @property
    def is_of_death(self) -> bool:
        """Whether it is about somebody who died: no colour, no countdown, no haste."""
        return self.rule.address == Addressee.FAMILY

    @property
    def is_wish(self) -> bool:
        """Whether the person began it: no day counts, and nobody reminds them."""
        return self.rule.kind == TriggerKind.CITIZEN_INTENT

    @property
    def tone(self) -> str:
        """How urgent it is, as a tone of the badges."""
        if self.is_of_death:
            return "neutral"
        if self.is_wish:
            return "info"
        if self.rule.kind == TriggerKind.LIFE_EVENT and self.days_left > _NEAR:
            return "info"
        return "late" if self.days_left < 0 or self.is_too_late else "soon"

    @property
    def state(self) -> str:
        """The state in words."""
        if self.is_of_death:
            return _("Prepared for the family")
        if self.is_wish:
            return _("Begun by you")
        if self.rule.kind == TriggerKind.LIFE_EVENT:
            return _("Prepared for you")
        if self.rule.kind == TriggerKind.CALENDAR:
            return _("Yearly campaign")
        if self.rule.kind == TriggerKind.AGE_MILESTONE:
            return _("Age reached") if self.days_left < 0 else _("Age milestone near")
        return _("Expired") if self.days_left < 0 else _("Expires soon")

    @property
    def is_too_late(self) -> bool:
        """Whether the last day for filing in time has passed."""
        return self.window.latest_on is not None and self.day > self.window.latest_on

    @property
    def is_too_early(self) -> bool:
        """Whether the law does not let anybody file yet."""
        return self.window.earliest_on is not None and self.day < self.window.earliest_on

    @property
    def left(self) -> str:
        """How many days are left in words; a family in mourning is not counted down to."""
        return "" if self.is_of_death or self.is_wish else days_left(self.suggestion.due_on)

    @property
    def bar(self) -> tuple[int, int] | None:
        """What is left of the days since the matter was opened."""
        if self.is_of_death or self.is_wish:
            return None
        whole = max(self.rule.open_days_before, 1)
        return min(max(self.days_left, 0), whole), whole

    @property
    def window_line(self) -> str:
        """The first or last day for filing in a sentence, "" where the law sets none."""
        if self.is_too_early:
            return _("Can be filed from %(day)s on.") % {"day": _day(self.window.earliest_on)}
        if self.is_too_late:
            return _("The last day for filing was %(day)s.") % {"day": _day(self.window.latest_on)}
        if self.window.latest_on not in (None, self.suggestion.due_on):
            return _("File by %(day)s.") % {"day": _day(self.window.latest_on)}
        return ""


def _day(day: date | None) -> str:
    return f"{vi_date(day)} ({days_left(day)})" if day else ""


def waiting(
    suggestions: Iterable[Suggestion], day: date, papers: Iterable[Credential] | None = None
) -> list[Waiting]:
    """Return suggestions with their rules and papers, in their order.

    `papers` are those behind them where they were read already; else that is one query.
    """
    rows = list(suggestions)
    versions = {row.rule_version_id: row.rule_version.definition for row in rows}
    rules = {key: RuleDefinition.from_json(document) for key, document in versions.items()}
    if papers is None:
        papers = papers_behind(Suggestion.objects.filter(pk__in=[row.pk for row in rows]))
    known = {paper.pk: paper for paper in papers}
    return [
        Waiting(
            suggestion=row,
            rule=rules[row.rule_version_id],
            paper=known.get(row.anchor) if row.rule.kind == TriggerKind.CREDENTIAL_EXPIRY else None,
            window=filing_window(rules[row.rule_version_id], row.due_on),
            day=day,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class Board:
    """What waits: cards of what needs the person now, cards of what was put off, and their number.

    `lead` is the suggestion of the first card unless that card stands for many.
    """

    now: list[Matter]
    later: list[Matter]
    lead: Suggestion | None
    count: int


def board(rows: Sequence[Waiting], citizen: Citizen) -> Board:
    """Return the cards, most urgent first; many of one rule for one holder share a card."""
    awake = [row for row in rows if row.suggestion.state != SuggestionState.SNOOZED]
    asleep = [row for row in rows if row.suggestion.state == SuggestionState.SNOOZED]
    piles = _piles(awake)
    lead = piles[0][0].suggestion if piles and len(piles[0]) == 1 else None
    return Board(
        now=[
            _pile_card(pile, citizen) if len(pile) > 1 else card(pile[0], citizen) for pile in piles
        ],
        later=[_later_card(row, citizen) for row in asleep],
        lead=lead,
        count=len(awake),
    )


def most_urgent_first(
    prepared: Sequence[Matter], asked: Sequence[Matter], day: date
) -> list[Matter]:
    """Return one list: what ends within a week, what an office waits for, then what ends later."""
    pressing = [one for one in prepared if one.ends_on and one.ends_on <= day + _PRESSING]
    return [*pressing, *asked, *(one for one in prepared if one not in pressing)]


def _piles(rows: Sequence[Waiting]) -> list[list[Waiting]]:
    """Return the rows as piles in order of urgency: a pile is one row, or all of one sort."""

    def sort_of(row: Waiting) -> tuple[int, int]:
        return row.suggestion.rule_id, row.suggestion.subject_id

    alike = {key: list(group) for key, group in groupby(sorted(rows, key=sort_of), key=sort_of)}
    piles: list[list[Waiting]] = []
    for row in rows:
        group = alike[sort_of(row)]
        if len(group) <= APART:
            piles.append([row])
        elif group[0] is row:
            piles.append(group)
    return piles


def for_whom(party: Party, citizen: Citizen) -> str:
    """Return the sentence that says for whom one would act, "" for oneself."""
    if party.pk == citizen.pk:
        return ""
    if party.kind == PartyKind.ORGANISATION:
        return _("You act for %(name)s, as its representative.") % {"name": name_of(party)}
    if party.kind == PartyKind.HOUSEHOLD:
        return _("For your household.")
    if age_on(party.citizen.birth_date, clock.today()) >= FULL_AGE or party.citizen.died_on:
        return _("About %(name)s.") % {"name": name_of(party)}
    return _("You act for %(name)s, as parent or guardian.") % {"name": name_of(party)}


def about_whom(row: Waiting, citizen: Citizen) -> str:
    """Return the sentence that says whom a matter concerns, "" for oneself.

    Parents of a newborn act in their own name, a family for somebody who died, a head for the home.
    """
    if row.rule.address == Addressee.HOUSEHOLD_HEAD:
        return _("For your household.")
    if row.rule.address == Addressee.PARENTS:
        return _("For your child.")
    return for_whom(row.suggestion.subject, citizen)


def card(row: Waiting, citizen: Citizen) -> Matter:
    """Return the card of one suggestion."""
    lines = [about_whom(row, citizen), _due_line(row), row.window_line]
    public_id = row.suggestion.public_id
    return Matter(
        tone=row.tone,
        state=row.state,
        left=row.left,
        title=row.title,
        url=reverse("web:suggestion", args=[public_id]),
        bar=row.bar,
        lines=[line for line in lines if line],
        action=_("See what is prepared") if row.is_too_early else _("Check and confirm"),
        snooze_url=reverse("web:snooze", args=[public_id]) if _may_wait(row) else "",
        ends_on=row.ends_on,
    )


def _may_wait(row: Waiting) -> bool:
    return row.days_left > 1 and not row.is_wish


def _due_line(row: Waiting) -> str:
    if row.is_wish:
        return _("Nothing is filed before you confirm.")
    day = {"day": vi_date(row.suggestion.due_on)}
    if row.is_of_death:
        return _("There is no hurry; by the rules it is done before %(day)s.") % day
    if row.rule.kind == TriggerKind.LIFE_EVENT:
        return _("To be done by %(day)s.") % day
    if row.rule.kind == TriggerKind.CALENDAR:
        return _("Open until %(day)s.") % day
    if row.rule.kind == TriggerKind.AGE_MILESTONE:
        return _("The day is %(day)s.") % day
    return _("Ran out on %(day)s.") % day if row.days_left < 0 else _("Runs out on %(day)s.") % day


def _later_card(row: Waiting, citizen: Citizen) -> Matter:
    until = row.suggestion.next_remind_on
    said = _("You will be reminded on %(day)s.") % {"day": vi_date(until)} if until else ""
    lines = [about_whom(row, citizen), said]
    return Matter(
        tone="neutral",
        state=_("Put off"),
        left=row.left,
        title=row.title,
        url=reverse("web:suggestion", args=[row.suggestion.public_id]),
        lines=[line for line in lines if line],
    )


def _pile_card(pile: Sequence[Waiting], citizen: Citizen) -> Matter:
    """Return the card of many suggestions of one rule: "50 phù hiệu"."""
    first = pile[0]
    subject = first.suggestion.subject
    ready = sum(not row.is_too_early for row in pile)
    lines = [
        for_whom(subject, citizen),
        _("The first runs out on %(day)s.") % {"day": vi_date(first.suggestion.due_on)},
    ]
    if ready < len(pile):
        words = ngettext(
            "%(n)d of them can be filed today.", "%(n)d of them can be filed today.", ready
        )
        lines.append(words % {"n": ready})
    return Matter(
        tone=first.tone,
        state=first.state,
        left=days_left(first.suggestion.due_on),
        title=pile_title(pile),
        url=reverse("web:pile", args=[first.suggestion.rule.key, subject.public_id]),
        lines=[line for line in lines if line],
        action=_("See the list"),
        ends_on=first.ends_on,
    )


def pile_title(pile: Sequence[Waiting]) -> str:
    """Return what a pile is called: "50 × Phù hiệu xe kinh doanh vận tải"."""
    paper = either(pile[0].rule.paper_vi, pile[0].rule.paper_en)
    return _("%(count)d × %(paper)s") % {"count": len(pile), "paper": paper[:1].lower() + paper[1:]}


def by_anchor(rows: Iterable[Waiting]) -> Mapping[int, Waiting]:
    """Return the rows about papers, by the paper's key."""
    return {row.paper.pk: row for row in rows if row.paper is not None}
