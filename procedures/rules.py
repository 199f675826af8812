"""Decisions of the catalogue over plain values: stages, windows, fees, new expiry dates.

Days are civil dates of Asia/Ho_Chi_Minh. Where a year has no 29 February the day before is meant,
the same answer that PostgreSQL gives for a date plus an interval of years.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from procedures.definition import (
    ClassTerm,
    Fee,
    ProcedureDefinition,
    RuleDefinition,
    Validity,
)
from procedures.enums import FeeChannel, FilingChannel, ValidityRule, WindowShape

# Luật 36/2024/QH15: licences granted from this day on carry the new classes.
NEW_LICENCE_CLASSES_ON = date(2025, 1, 1)
FEMALE = "female"


def stage_due(lead_days: Sequence[int], days_left: int) -> int | None:
    """Return the most urgent lead stage already reached, or None before the first."""
    return min((lead for lead in lead_days if days_left <= lead), default=None)


def next_remind_on(lead_days: Sequence[int], due_on: date, stage: int | None) -> date | None:
    """Return the day of the stage that follows `stage` (None: the first), None after the last."""
    later = [lead for lead in lead_days if stage is None or lead < stage]
    return due_on - timedelta(days=max(later)) if later else None


@dataclass(frozen=True, slots=True)
class FilingWindow:
    """First and last civil date on which a dossier may be filed; None where there is no limit."""

    earliest_on: date | None
    latest_on: date | None

    def allows(self, day: date) -> bool:
        """Return whether a dossier may be filed on `day`."""
        too_early = self.earliest_on is not None and day < self.earliest_on
        too_late = self.latest_on is not None and day > self.latest_on
        return not (too_early or too_late)


def filing_window(definition: RuleDefinition, due_on: date) -> FilingWindow:
    """Return when a dossier for a paper that ends on `due_on` may be filed (domain.md 3.1)."""
    days = timedelta(days=definition.window.days or 0)
    match definition.window.shape:
        case WindowShape.NO_LATER_THAN:
            return FilingWindow(None, due_on - days)
        case WindowShape.ONLY_WITHIN:
            return FilingWindow(due_on - days, due_on)
        case WindowShape.RECOMMENDED:
            return FilingWindow(None, None)


def add_months(day: date, months: int) -> date:
    """Return the same day `months` later, or the month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_years(day: date, years: int) -> date:
    """Return the same day `years` later; 29 February becomes 28 February in other years."""
    return add_months(day, 12 * years)


def milestone_on(birth_date: date, age: int) -> date:
    """Return the birthday on which somebody reaches `age`."""
    return add_years(birth_date, age)


def age_on(birth_date: date, day: date) -> int:
    """Return the full years of age on `day`."""
    years = day.year - birth_date.year
    return years if add_years(birth_date, years) <= day else years - 1


def fee_for(
    *,
    definition: ProcedureDefinition,
    channel: FilingChannel,
    case: str | None,
    day: date,
    answers: Mapping[str, str] | None = None,
) -> Fee | None:
    """Return the fee of a dossier received on `day`, or None where the catalogue knows none."""
    return pick_fee(definition.fees, channel=channel, case=case, day=day, answers=answers)


def possible_fees(
    fees: Sequence[Fee], *, channel: FilingChannel, day: date, answers: Mapping[str, str]
) -> list[Fee]:
    """Return the fees that the answers so far leave open, the usual one first; one once it is sure.

    Empty where the catalogue knows none.
    """
    usual = pick_fee(fees, channel=channel, case=None, day=day, answers=answers)
    if usual is None or usual.applies(answers):
        return [] if usual is None else [usual]
    cases = [fee.case_vi for fee in fees if fee.conditions and fee.applies(answers) is None]
    others = [pick_fee(fees, channel=channel, case=case, day=day) for case in dict.fromkeys(cases)]
    return list(dict.fromkeys([usual, *(fee for fee in others if fee is not None)]))


def channel_from_home(channels: Sequence[FilingChannel]) -> FilingChannel:
    """Return as what a dossier counts that is filled in at home: online where the law lets it.

    Where it does not, it is made ready for an office, which receives it.
    """
    return FilingChannel.ONLINE if FilingChannel.ONLINE in channels else FilingChannel.DIRECT


def pick_fee(
    fees: Sequence[Fee],
    *,
    channel: FilingChannel,
    case: str | None,
    day: date,
    answers: Mapping[str, str] | None = None,
) -> Fee | None:
    """Return the fee whose channel, case and period fit.

    A fee of just this case wins over one for all cases, a dated one over an undated one, a fee of
    just this channel over one for all. Without a case the ordinary one is meant: a fee that names
    no case, else the first case in the list; but where the answers of the form make it one whose
    conditions they meet, it is that.
    """
    fitting = [
        fee for fee in fees if fee.channel in (FeeChannel.ANY, channel) and fee.holds_on(day)
    ]
    if case is None:
        fitting = _of_answers(fitting, answers or {})
    if case is None and fitting and all(fee.case_vi for fee in fitting):
        case = fitting[0].case_vi
    ranked = [
        (fee.case_vi is not None, fee.is_dated, fee.channel != FeeChannel.ANY, -index, fee)
        for index, fee in enumerate(fitting)
        if fee.case_vi in (None, case)
    ]
    return max(ranked, key=lambda rank: rank[:4])[4] if ranked else None


def _of_answers(fees: Sequence[Fee], answers: Mapping[str, str]) -> list[Fee]:
    """Return the fees whose conditions the answers meet, else those that they do not exclude."""
    told = [(fee, fee.applies(answers)) for fee in fees]
    met = [fee for fee, applies in told if applies]
    return met or [fee for fee, applies in told if applies is None]


def renewed_class(category: str, issued_on: date) -> str:
    """Return the class that a licence of `category` issued on `issued_on` carries once exchanged.

    The old B1 (cars) shares its letters with the new B1 (three-wheelers, no term) and becomes B
    (Luật 36/2024/QH15; to be confirmed with the police). Other classes keep their letters.
    """
    return "B" if category == "B1" and issued_on < NEW_LICENCE_CLASSES_ON else category


def next_expiry(
    validity: Validity, issued_on: date, category: str, birth_date: date | None, gender: str
) -> date | None:
    """Return the last day of a paper issued on `issued_on`, or None when it has no term.

    `category` is the licence's class; `birth_date` is None for organisations; `gender` is 'male' or
    'female'. A term that the authority sets by request (policy) is its longest. ValueError where
    the rule needs a birth date or does not know the class.
    """
    match validity.rule:
        case ValidityRule.FIXED_YEARS:
            return add_years(issued_on, validity.years or 0)
        case ValidityRule.FIXED_MONTHS | ValidityRule.START_WITHIN_MONTHS:
            return add_months(issued_on, validity.months or 0)
        case ValidityRule.POLICY:
            return add_years(issued_on, validity.max_years or 0)
        case ValidityRule.CALENDAR_YEAR:
            return date.fromisoformat(f"{issued_on.year}-{validity.ends or '12-31'}")
        case ValidityRule.BY_CLASS:
            term = _class_term(validity, category, issued_on)
            return _class_expiry(term, issued_on, birth_date, gender)
        case ValidityRule.BY_AGE_AT_ISSUE:
            return _band_expiry(validity, issued_on, _known(birth_date))
        case ValidityRule.AGE_MILESTONES:
            return _milestone_expiry(validity, issued_on, _known(birth_date))
        case _:
            return None


def _known(birth_date: date | None) -> date:
    if birth_date is None:
        raise ValueError("The term of this paper follows from a birth date.")
    return birth_date


def _class_term(validity: Validity, category: str, issued_on: date) -> ClassTerm:
    """Return the term of a class: from 2025 on letters mean the new classes first."""
    new, old = validity.classes, validity.legacy_classes
    for term in new + old if issued_on >= NEW_LICENCE_CLASSES_ON else old + new:
        if category in term.classes:
            return term
    raise ValueError(f"No term is known for class {category!r}.")


def _class_expiry(
    term: ClassTerm, issued_on: date, birth_date: date | None, gender: str
) -> date | None:
    age = term.until_age_female if gender == FEMALE else term.until_age_male
    if age is None:
        return None if term.years is None else add_years(issued_on, term.years)
    return max(milestone_on(_known(birth_date), age), add_years(issued_on, term.min_years or 0))


def _band_expiry(validity: Validity, issued_on: date, birth_date: date) -> date:
    age = age_on(birth_date, issued_on)
    for band in validity.bands:
        low, high = band.min_age or 0, band.max_age if band.max_age is not None else 200
        if band.years is not None and band.case_vi is None and low <= age <= high:
            return add_years(issued_on, band.years)
    raise ValueError(f"No term is known for a paper issued at the age of {age}.")


def _milestone_expiry(validity: Validity, issued_on: date, birth_date: date) -> date | None:
    """Return the next birthday at which a card is changed, unless issued shortly before it."""
    skipped = validity.issued_within_years_before_milestone_skips or 0
    for age in sorted(validity.milestones):
        birthday = milestone_on(birth_date, age)
        if add_years(issued_on, skipped) < birthday:
            return birthday
    return None
