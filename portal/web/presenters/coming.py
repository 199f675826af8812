"""Coming dates of the family: papers that run out and birthdays that matter, within a year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.translation import gettext as _

from citizens.enums import PartyKind
from citizens.models import Citizen, Credential, Party
from portal.web.presenters.language import either
from portal.web.presenters.papers import PaperNames, standing_papers
from portal.web.presenters.people import name_of
from procedures.definition import RuleDefinition
from procedures.enums import TriggerKind
from procedures.rules import add_years, milestone_on
from procedures.selectors import rules_in_force

YEAR = timedelta(days=365)
SHOWN = 6


@dataclass(frozen=True, order=True)
class ComingDate:
    """A day in the family's calendar."""

    day: date
    label: str


def coming_dates(
    citizen: Citizen, parties: list[Party], day: date, told: Collection[int]
) -> list[ComingDate]:
    """Return the next few dates after `day`; papers in `told` already stand above as matters."""
    family = [party for party in parties if party.kind == PartyKind.CITIZEN]
    papers = list(standing_papers(family).filter(expires_on__range=(day, day + YEAR)))
    names = PaperNames.in_force(day)
    whose = {party.pk: "" if party.pk == citizen.pk else name_of(party) for party in family}
    expiring = _expiring([paper for paper in papers if paper.pk not in told], names, whose)
    return sorted({*expiring, *_milestones(family, whose, day)})[:SHOWN]


def _expiring(
    papers: Iterable[Credential], names: PaperNames, whose: dict[int, str]
) -> Iterator[ComingDate]:
    def alike(paper: Credential) -> tuple[date, int, str]:
        return paper.expires_on or date.max, paper.holder_id, names.title(paper)

    for (day, holder, title), same in groupby(sorted(papers, key=alike), key=alike):
        count = len(list(same))
        title = f"{count} × {title}" if count > 1 else title
        yield ComingDate(day, _labelled(title, whose[holder]))


def _labelled(title: str, name: str) -> str:
    if not name:
        return _("%(paper)s runs out") % {"paper": title}
    return _("%(paper)s of %(name)s runs out") % {"paper": title, "name": name}


def _milestones(parties: list[Party], whose: dict[int, str], day: date) -> Iterator[ComingDate]:
    """Yield the birthdays of the year on which an identity card is due."""
    people = [party.citizen for party in parties]
    cards = dict(
        Credential.objects.live()
        .filter(holder__in=[person.pk for person in people], kind="citizen_identity_card")
        .values_list("holder_id", "issued_on")
    )
    for version in rules_in_force(day=day, kinds=[TriggerKind.AGE_MILESTONE]):
        rule = RuleDefinition.from_json(version.definition)
        for person in people:
            for age in rule.ages:
                due = milestone_on(person.birth_date, age)
                if day + timedelta(days=rule.open_days_before) < due <= day + YEAR and not _skipped(
                    rule, due, cards.get(person.pk)
                ):
                    yield ComingDate(due, _birthday(whose[person.pk], age, rule))


def _skipped(rule: RuleDefinition, due: date, issued_on: date | None) -> bool:
    """Return whether the card is new enough to stay good beyond the birthday."""
    years = rule.skip_if_issued_within_years
    return years is not None and issued_on is not None and issued_on >= add_years(due, -years)


def _birthday(name: str, age: int, rule: RuleDefinition) -> str:
    paper = either(rule.paper_vi, rule.paper_en)
    if name:
        return _("%(name)s turns %(age)d: %(paper)s") % {"name": name, "age": age, "paper": paper}
    return _("You turn %(age)d: %(paper)s") % {"age": age, "paper": paper}
