"""Coming dates of the family in words: what happens, to whom, what one can do and from when."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _

from citizens.models import Citizen, Party
from citizens.selectors import name_of
from portal.web.presenters.language import either
from portal.web.presenters.matters import APART
from portal.web.presenters.papers import PaperNames, titled
from portal.web.templatetags.portal_format import vi_date
from procedures.answers import ComingDate, coming_dates, households_answered_for
from procedures.enums import Addressee, SuggestionState, TriggerKind
from procedures.models import RuleVersion, Suggestion
from procedures.rules import FilingWindow, add_months, filing_window

SHOWN = 6
MONTHS = 12
Naming = Callable[[Party], str]


@dataclass(frozen=True)
class Family:
    """What comes for a person and those they may act for, from `day` on for a year.

    `names` gives the name of somebody else, "" for the reader.
    """

    reader: Citizen
    day: date
    parties: Mapping[int, Party]
    dates: Sequence[ComingDate]
    names: PaperNames

    def party(self, one: ComingDate) -> Party:
        """Return whom a date is about; a suggestion may be about somebody else's child."""
        return one.suggestion.subject if one.suggestion is not None else self.parties[one.party]

    def name(self, one: ComingDate, naming: Naming = name_of) -> str:
        """Return the name of whom a date is about, "" for the reader and where no name belongs."""
        own = one.definition is not None and one.definition.address == Addressee.PARENTS
        return "" if own or one.party == self.reader.pk else naming(self.party(one))

    def paper(self, one: ComingDate) -> str:
        """Return what the date calls for, with the class or plate of its paper."""
        if one.definition is not None:
            return titled(self.kind_of_paper(one), one.paper)
        return "" if one.paper is None else self.names.title(one.paper)

    def kind_of_paper(self, one: ComingDate) -> str:
        """Return what the date calls for, without class and plate."""
        if one.definition is not None:
            return either(one.definition.paper_vi, one.definition.paper_en)
        return "" if one.paper is None else self.names.name(one.paper.kind)


def family_of(
    citizen: Citizen,
    parties: Sequence[Party],
    waiting: Iterable[Suggestion],
    day: date,
    rules: Iterable[RuleVersion] | None = None,
) -> Family:
    """Read what comes within a year for `parties` and the household that the person answers for.

    `parties` are those whom the person may see (`parties_of`), `waiting` what waits for them: what
    they began themselves has no day. `rules` are `watching` where it was read already.
    """
    waiting = [row for row in waiting if row.rule.kind != TriggerKind.CITIZEN_INTENT]
    seen = [*parties, *households_answered_for(citizen=citizen, day=day)]
    until = add_months(day, MONTHS)
    dates = coming_dates(parties=seen, waiting=waiting, day=day, until=until, rules=rules)
    names = PaperNames.in_force(day) if any(one.definition is None for one in dates) else None
    by_key = {party.pk: party for party in seen}
    return Family(citizen, day, by_key, dates, names or PaperNames({}, {}))


def label(family: Family, one: ComingDate, paper: str, naming: Naming = name_of) -> str:
    """Return what happens on a date: "Hộ chiếu của Trần Gia Bảo hết hạn"."""
    told: dict[str, object] = {"paper": paper, "name": family.name(one, naming)}
    kind = TriggerKind.CREDENTIAL_EXPIRY if one.definition is None else one.definition.kind
    if kind == TriggerKind.AGE_MILESTONE:
        told |= {"age": one.key[2]}
        if told["name"]:
            return _("%(name)s turns %(age)d: %(paper)s") % told
        return _("You turn %(age)d: %(paper)s") % told
    if kind == TriggerKind.CREDENTIAL_EXPIRY and told["name"]:
        return _("%(paper)s of %(name)s runs out") % told
    if kind == TriggerKind.CREDENTIAL_EXPIRY:
        return _("%(paper)s runs out") % told
    if is_of_death(one):
        return paper
    if kind == TriggerKind.LIFE_EVENT:
        paper = _("Last day: %(paper)s") % told
    return f"{paper} ({told['name']})" if told["name"] else paper


def is_of_death(one: ComingDate) -> bool:
    """Return whether it is about somebody who died: said quietly, and in no file."""
    return one.definition is not None and one.definition.address == Addressee.FAMILY


def window_of(one: ComingDate) -> FilingWindow:
    """Return when one may file for a date."""
    if one.definition is None:
        return FilingWindow(None, None)
    return filing_window(one.definition, one.due_on)


def what_to_do(one: ComingDate, day: date) -> list[str]:
    """Return what one can do about a date and from when on, in sentences; "" is not among them."""
    window = window_of(one)
    return [line for line in (_filing(window, one.due_on, day), _standing(one, day)) if line]


def _filing(window: FilingWindow, due_on: date, day: date) -> str:
    if window.earliest_on is not None and day < window.earliest_on:
        return _("Can be filed from %(day)s on.") % {"day": vi_date(window.earliest_on)}
    if window.latest_on not in (None, due_on):
        return _("File by %(day)s.") % {"day": vi_date(window.latest_on or due_on)}
    return ""


def _standing(one: ComingDate, day: date) -> str:
    """Return how far the portal is with it."""
    if one.definition is None:
        return _("The portal does not prepare this one: please ask the office that issued it.")
    if one.suggestion is not None:
        return _reminder(one.suggestion, day)
    if one.state == SuggestionState.ACCEPTED:
        return _("A dossier about it is being handled.")
    if one.state == SuggestionState.DISMISSED:
        return _("It was answered that this is not needed.")
    if one.opens_on is not None and one.opens_on > day:
        return _("The portal prepares it from %(day)s on.") % {"day": vi_date(one.opens_on)}
    return ""


def _reminder(suggestion: Suggestion, day: date) -> str:
    next_on = suggestion.next_remind_on
    if next_on is None or next_on <= day:
        return ""
    if suggestion.state == SuggestionState.SNOOZED:
        return _("You put this off: the portal reminds you on %(when)s.") % {
            "when": vi_date(next_on)
        }
    return _("Next reminder on %(day)s.") % {"day": vi_date(next_on)}


def alike(family: Family) -> Iterator[list[ComingDate]]:
    """Yield the dates in order; more than a few of one kind, holder and day come together."""

    def sort(one: ComingDate) -> tuple[date, int, int, str]:
        kind = one.paper.kind if one.paper is not None else f"{one.key}"
        return one.due_on, one.party, one.key[0], kind

    for _key, group in groupby(sorted(family.dates, key=sort), key=sort):
        same = list(group)
        yield from [same] if len(same) > APART else [[one] for one in same]


def counted(family: Family, group: Sequence[ComingDate]) -> str:
    """Return the name of the one paper, or of many: "12 × Phù hiệu xe"."""
    if len(group) == 1:
        return family.paper(group[0])
    return f"{len(group)} × {family.kind_of_paper(group[0])}"


@dataclass(frozen=True, order=True)
class ShortDate:
    """A day in the short list beside "My matters"."""

    day: date
    label: str


def next_dates(family: Family, told: Collection[int]) -> list[ShortDate]:
    """Return the next few dates; what waits, or is about a paper in `told`, is shown already."""
    found = []
    for group in alike(family):
        rest = [one for one in group if one.suggestion is None and not _is_of(one, told)]
        if rest:
            shown_on = max(rest[0].begins_on or rest[0].due_on, family.day)
            found.append(ShortDate(shown_on, label(family, rest[0], counted(family, rest))))
    return sorted(found)[:SHOWN]


def _is_of(one: ComingDate, papers: Collection[int]) -> bool:
    return one.paper is not None and one.paper.pk in papers
