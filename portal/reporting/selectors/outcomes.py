"""How finished dossiers were received: answers of satisfaction and what was saved, by agency.

Satisfaction is satisfied / rated (QĐ 766/QĐ-TTg, group 5). Both count a dossier on the civil day on
which its result was handed over, so that the two figures are of the same dossiers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from citizens.models import Unit
from dossiers.enums import Satisfaction, Status
from dossiers.models import Dossier, Rating
from dossiers.selectors.savings import Saved, returned_between, saved_by_groups
from portal.common import clock

_BY = "competent__name_vi"


@dataclass(frozen=True)
class Outcome:
    """One agency's dossiers of a period: handed over, rated and how, and what they saved."""

    agency: str
    returned: int
    rated: int
    satisfied: int
    neutral: int
    dissatisfied: int
    saved: Saved

    @property
    def satisfied_share(self) -> float | None:
        """Satisfied of the rated, from 0 to 1; None where nobody answered."""
        return self.satisfied / self.rated if self.rated else None


@dataclass(frozen=True)
class Said:
    """Words that somebody added: when, of what, at which agency; never who, never which dossier."""

    month: date
    procedure: str
    agency: str
    answer: str
    words: str


def outcomes(*, units: QuerySet[Unit], first: date, last: date) -> list[Outcome]:
    """Return the outcomes of a period by agency, in two queries."""
    rows = _returned(units, first, last)
    counted = {
        row[_BY]: row
        for row in rows.order_by()
        .values(_BY)
        .annotate(
            returned=Count("pk"),
            rated=Count("rating"),
            satisfied=_answers(Satisfaction.SATISFIED),
            neutral=_answers(Satisfaction.NEUTRAL),
            dissatisfied=_answers(Satisfaction.DISSATISFIED),
        )
    }
    saved = saved_by_groups(rows, _BY)
    names = ("returned", "rated", "satisfied", "neutral", "dissatisfied")
    return [
        Outcome(
            agency=agency,
            saved=saved[agency,],
            **{name: counted[agency][name] for name in names},
        )
        for agency in sorted(counted)
    ]


def said(*, units: QuerySet[Unit], first: date, last: date, most: int) -> list[Said]:
    """Return the last words of a period, newest month first, within a month in no order of time.

    A name is not asked for and not shown; who wants an answer has the call-back and the complaint.
    """
    rows = Rating.objects.filter(dossier__in=_returned(units, first, last)).exclude(words="")
    rows = rows.select_related("dossier__procedure_version", "dossier__competent")
    found = [
        Said(
            month=clock.civil_date(rating.rated_at).replace(day=1),
            procedure=rating.dossier.procedure_version.name_vi,
            agency=rating.dossier.competent.name_vi,
            answer=rating.get_answer_display(),
            words=rating.words,
        )
        for rating in rows.order_by("-rated_at")[:most]
    ]
    return sorted(found, key=lambda one: (-one.month.toordinal(), one.procedure, one.words))


def _returned(units: QuerySet[Unit], first: date, last: date) -> QuerySet[Dossier]:
    handed_over = Dossier.objects.filter(competent__unit__in=units, status=Status.RETURNED)
    return returned_between(handed_over, first, last)


def _answers(answer: Satisfaction) -> Count:
    return Count("rating", filter=Q(rating__answer=answer))
