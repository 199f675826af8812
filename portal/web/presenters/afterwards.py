"""What a finished dossier says at its end: what it saved, and the one question how it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from citizens.models import Citizen
from dossiers.enums import Satisfaction, Status
from dossiers.models import Dossier, Rating
from dossiers.models.ratings import SATISFACTIONS
from dossiers.savings import Saving
from dossiers.selectors.savings import Saved, saved_in_year, saving_for
from dossiers.services.rate_dossier import LONGEST_WORDS, may_change, may_rate
from portal.common import clock

_ICONS = {
    Satisfaction.SATISFIED: "face-glad",
    Satisfaction.NEUTRAL: "face-calm",
    Satisfaction.DISSATISFIED: "face-sad",
}


@dataclass(frozen=True)
class Answer:
    """One of the three buttons; `is_given` marks what was pressed."""

    key: str
    label: str
    icon: str
    is_given: bool


@dataclass(frozen=True)
class Asked:
    """What templates/web/parts/dossier_rating.html shows."""

    answers: list[Answer]
    given: str
    words: str
    may_answer: bool
    most: int


def asked_of(dossier: Dossier, citizen: Citizen, now: datetime) -> Asked | None:
    """Return the question for whose dossier it is, None for others and before it is over."""
    if dossier.status != Status.RETURNED or not may_rate(dossier=dossier, citizen=citizen):
        return None
    rating = Rating.objects.filter(dossier=dossier).first()
    given = rating.answer if rating else ""
    return Asked(
        answers=[
            Answer(str(key), str(label), _ICONS[key], is_given=key == given)
            for key, label in SATISFACTIONS
        ],
        given=rating.get_answer_display() if rating else "",
        words=rating.words if rating and rating.citizen_id == citizen.pk else "",
        may_answer=rating is None or may_change(rating, citizen, now),
        most=LONGEST_WORDS,
    )


@dataclass(frozen=True)
class Line:
    """One thing saved: the figure, what it counts, and how it comes about."""

    figure: str
    label: str
    why: str


def saved_lines(saving: Saving) -> list[Line]:
    """Return what one dossier saved, the trips first; what was not saved is said too."""
    trips, papers = saving.trips, saving.papers_known
    lines = [
        Line(
            str(trips),
            ngettext("trip that was not needed", "trips that were not needed", trips),
            _trips_in_words(saving),
        ),
        Line(
            f"{saving.fields_known}/{saving.fields}",
            _("fields filled in from registers"),
            _(
                "Counted in the form as it was filed: every answer that a register gave. What "
                "the portal took from your account or worked out itself is not counted here."
            ),
        ),
        Line(
            str(papers),
            ngettext("paper that was not asked for", "papers that were not asked for", papers),
            _("Papers of this procedure that a register answered, without the request form."),
        ),
    ]
    days = saving.days_before
    if days is not None:
        lines.append(_days_line(days))
    return lines


def _days_line(days: int) -> Line:
    why = _("From the day it was filed to the last day of the paper that was running out.")
    if days >= 0:
        return Line(str(days), ngettext("day before the end", "days before the end", days), why)
    label = ngettext("day after the end", "days after the end", -days)
    return Line(str(-days), label, why)


def _trips_in_words(saving: Saving) -> str:
    """Return each of the three trips as saved or made."""
    told = [
        _("To ask what is needed: saved, the notice came with everything prepared")
        if saving.asking
        else _("To ask what is needed: not counted, no notice came before"),
        _("To hand it in: saved, filed from where you were")
        if saving.filing
        else _("To hand it in: made, at an office or its counter"),
        _("To collect the result: saved, it came to you")
        if saving.collecting
        else _("To collect the result: made, handed over at an office"),
    ]
    return ". ".join(told) + "."


def summary(dossier: Dossier) -> str:
    """Return one sentence of what was saved, "" before the result was handed over."""
    saving = saving_for(dossier=dossier)
    if saving is None:
        return ""
    trips = ngettext("%(n)d trip", "%(n)d trips", saving.trips) % {"n": saving.trips}
    papers = ngettext("%(n)d paper", "%(n)d papers", saving.papers_known) % {
        "n": saving.papers_known
    }
    told = {"trips": trips, "papers": papers}
    fields = {"known": saving.fields_known, "all": saving.fields}
    return _("Saved: %(trips)s, %(known)d of %(all)d fields, %(papers)s.") % (told | fields)


def year_of(citizen: Citizen) -> tuple[int, Saved]:
    """Return this civil year and what it saved the person in all."""
    year = clock.today().year
    return year, saved_in_year(citizen=citizen, year=year)
