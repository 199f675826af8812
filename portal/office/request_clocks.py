"""How a data-subject request stands against its two clocks: a word, a colour, conditions in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, F, Q, QuerySet, When
from django.db.models.functions import TruncDate
from django.http import HttpRequest

from citizens.enums import DataRequestState
from citizens.models import DataRequest
from citizens.selectors import working_calendar
from citizens.workflow import OPEN_STATES
from dossiers.enums import ClockColour
from portal.common import clock
from portal.common.calendar import WorkingCalendar
from portal.office.clock_colours import SIGNS
from portal.office.standing import standing_of

S = DataRequestState
SHOWN = (ClockColour.LATE, ClockColour.SOON, ClockColour.ON_TIME, ClockColour.ENDED)

# The day that counts next: the answer's while nobody has answered, then that of the act.
NEXT_DUE_ON = Case(
    When(state=S.RECEIVED, then=F("answer_due_on")),
    When(state=S.ANSWERED, then=F("act_due_on")),
    output_field=DateField(),
)


_REMEMBERED = "_office_request_day"


@dataclass(frozen=True)
class Hand:
    """One of the two clocks of a request, ready to be shown."""

    due_on: date
    colour: ClockColour
    word: Any
    icon: str


@dataclass(frozen=True)
class Figures:
    """What stands on top of the desk; the share is over what was due, None while nothing was."""

    open_count: int
    today_count: int
    late_count: int
    answered_in_time: int
    answers_due: int

    @property
    def percent_in_time(self) -> float | None:
        """The share in time in percent, one decimal."""
        if not self.answers_due:
            return None
        return round(100 * self.answered_in_time / self.answers_due, 1)


@dataclass(frozen=True)
class RequestDay:
    """The civil date of the desk and the last day that counts as soon (the next working day)."""

    today: date
    soon: date

    @classmethod
    def of(cls, today: date, calendar: WorkingCalendar | None = None) -> RequestDay:
        """Read the working calendar where it is not given (one query)."""
        return cls(today, (calendar or working_calendar()).next_working_day(today))

    def answering(self, request: DataRequest) -> Hand:
        """Return the clock of the answer; it ends when somebody answered, or all is over."""
        is_running = request.state == S.RECEIVED
        return self._hand(request.answer_due_on, is_running=is_running)

    def acting(self, request: DataRequest) -> Hand:
        """Return the clock of the act; it ends with the request."""
        return self._hand(request.act_due_on, is_running=request.state in OPEN_STATES)

    def condition(self, colour: ClockColour) -> Q:
        """Return the requests whose more pressing clock has one of the colours `SHOWN`.

        The answer's day always comes before that of the act, so the next day decides.
        """
        match colour:
            case ClockColour.LATE:
                return Q(next_due_on__lt=self.today)
            case ClockColour.SOON:
                return Q(next_due_on__range=(self.today, self.soon))
            case ClockColour.ON_TIME:
                return Q(next_due_on__gt=self.soon)
            case _:
                return Q(next_due_on__isnull=True)

    @property
    def is_open(self) -> Q:
        """The requests that are not closed."""
        return Q(state__in=OPEN_STATES)

    @property
    def is_due_for_answer(self) -> Q:
        """The requests that must be answered today and are not yet."""
        return Q(state=S.RECEIVED, answer_due_on=self.today)

    def figures(self, requests: QuerySet[DataRequest]) -> Figures:
        """Return the figures of annotated requests (one query).

        Answers due are those given by officials and those whose day has passed; copies that the
        portal made by itself do not count.
        """
        answered = Q(answered_at__isnull=False, handled_by__isnull=False)
        overdue = Q(state=S.RECEIVED, answer_due_on__lt=self.today)
        with_days = requests.annotate(answered_on=TruncDate("answered_at", tzinfo=clock.CIVIL_ZONE))
        counts = with_days.order_by().aggregate(
            open_count=Count("pk", filter=self.is_open),
            today_count=Count("pk", filter=self.is_due_for_answer),
            late_count=Count("pk", filter=self.condition(ClockColour.LATE)),
            answered_in_time=Count("pk", filter=answered & Q(answered_on__lte=F("answer_due_on"))),
            answers_due=Count("pk", filter=answered | overdue),
        )
        return Figures(**counts)

    def _hand(self, due_on: date, *, is_running: bool) -> Hand:
        if not is_running:
            colour = ClockColour.ENDED
        elif due_on < self.today:
            colour = ClockColour.LATE
        else:
            colour = ClockColour.SOON if due_on <= self.soon else ClockColour.ON_TIME
        word, icon = SIGNS[colour]
        return Hand(due_on, colour, word, icon)


def day_of(request: HttpRequest) -> RequestDay:
    """Return today's clocks for the desk, remembered for the request."""
    known: RequestDay | None = getattr(request, _REMEMBERED, None)
    if known is None:
        known = RequestDay.of(standing_of(request).day)
        setattr(request, _REMEMBERED, known)
    return known
