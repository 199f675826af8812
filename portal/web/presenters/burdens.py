"""Where procedures hurt, in words and as lines of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from dossiers.enums import Status
from dossiers.models.dossiers import STATUSES
from portal.reporting.selectors.assumptions import COMPARE_LINE, Assumption
from portal.reporting.selectors.burdens import (
    Burden,
    PaperBurden,
    Saved,
    StepBurden,
    complying,
    without_paper,
    without_step,
)
from portal.web.presenters.language import either
from portal.web.templatetags.portal_format import amount, grouped

HEADINGS = (
    "procedure", "settled", "median_hours", "kind", "code", "dossiers", "times", "hours",
    "median_hours_without", "handed_in", "asked_alone", "hours_alone", "citizen_hours_saved",
    "office_hours_saved", "waited_hours_saved", "vnd_saved",
)  # fmt: skip
_Assumed = Mapping[str, Assumption]


@dataclass(frozen=True, slots=True)
class LineTold:
    """A step or a paper: its name, how often, days waited, and what would be saved without it."""

    name: str
    times: str
    days: str
    work: str
    money: str
    half: str = ""
    handed: str = ""


@dataclass(frozen=True, slots=True)
class BurdenTold:
    """A procedure with the step and the paper that hurt most, and all of them."""

    name: str
    dossiers: str
    half: str
    step: LineTold | None
    paper: LineTold | None
    steps: list[LineTold]
    papers: list[LineTold]
    cost_before: str
    cost_after: str


@dataclass(frozen=True, slots=True)
class AssumptionTold:
    """An assumption in words."""

    name: str
    value: str
    why: str
    since: date
    is_sure: bool


def told(found: Iterable[Burden], assumed: _Assumed) -> list[BurdenTold]:
    """Return the procedures in their order."""
    return [_told(one, assumed) for one in found]


def _told(one: Burden, assumed: _Assumed) -> BurdenTold:
    before, step, paper = complying(one, assumed), one.worst_step, one.worst_paper
    spared = without_paper(paper, assumed).citizen_hours if paper else 0
    after = before - spared * assumed["citizen_hour"].value / one.dossiers
    return BurdenTold(
        name=either(one.name_vi, one.name_en),
        dossiers=grouped(one.dossiers),
        half=_days(one.median),
        step=_step(step, assumed) if step else None,
        paper=_paper(paper, assumed) if paper else None,
        steps=[_step(each, assumed) for each in one.steps],
        papers=[_paper(each, assumed) for each in one.papers],
        cost_before=amount(round(before)) if paper else "",
        cost_after=amount(round(after)) if paper else "",
    )


def _step(step: StepBurden, assumed: _Assumed) -> LineTold:
    saved = without_step(step, assumed)
    is_work = step.status == Status.PROCESSING
    return LineTold(
        name=str(dict(STATUSES)[step.status]),
        times=grouped(step.times),
        days=_days(step.hours),
        work="–" if is_work else _hours(saved),
        money="–" if is_work else amount(saved.vnd),
        half="–" if is_work else _days(step.median_without),
    )


def _paper(paper: PaperBurden, assumed: _Assumed) -> LineTold:
    saved = without_paper(paper, assumed)
    return LineTold(
        name=paper.name,
        times=grouped(paper.requests),
        days=_days(paper.hours),
        work=_hours(saved),
        money=amount(saved.vnd),
        half=_days(saved.waited_hours),
        handed=grouped(paper.handed),
    )


def assumptions_told(assumed: _Assumed) -> list[AssumptionTold]:
    """Return the assumptions in the order of the data, without what only the desk's hours are."""
    return [
        AssumptionTold(
            name=either(one.name_vi, one.name_en),
            value=amount(round(one.value))
            if one.unit == "vnd"
            else _("%(hours)s hours") % {"hours": number_format(one.value)},
            why=either(one.why_vi, one.why_en),
            since=one.since,
            is_sure=one.marked == "confirmed",
        )
        for one in assumed.values()
        if one.id != COMPARE_LINE
    ]


def cells(found: Iterable[Burden], assumed: _Assumed) -> Iterator[Sequence[object]]:
    """Yield the counts as a table: the same words whatever the language of the page."""
    yield HEADINGS
    for one in found:
        whole = one.procedure, one.dossiers, _plain(one.median)
        for step in one.steps:
            own = step.dossiers, step.times, _plain(step.hours), _plain(step.median_without)
            saved = without_step(step, assumed)
            yield (*whole, "step", step.status.name.lower(), *own, "", "", "", *_saved(saved))
        for paper in one.papers:
            own = paper.dossiers, paper.requests, _plain(paper.hours), ""
            rest = paper.handed, paper.alone, _plain(paper.alone_hours)
            saved = without_paper(paper, assumed)
            yield (*whole, "paper", paper.code, *own, *rest, *_saved(saved))


def _saved(saved: Saved) -> Sequence[object]:
    hours = saved.citizen_hours, saved.office_hours, saved.waited_hours
    return (*map(_plain, hours), saved.vnd)


def _plain(hours: float) -> str:
    return f"{hours:.2f}"


def _days(hours: float) -> str:
    return _("%(days)s days") % {
        "days": number_format(round(hours / 24, 1), 1, force_grouping=True)
    }


def _hours(saved: Saved) -> str:
    hours = round(saved.citizen_hours + saved.office_hours, 1)
    return _("%(hours)s hours") % {"hours": number_format(hours, 1, force_grouping=True)}
