"""The table of triggers: given a fact that is due, when the days pass, then who hears of it.

One row a trigger of the shipped catalogue. `told` are the days left to the due date on which people
are told (of events the limit minus the follow-up's day, of campaigns counted to their last day);
`last` is the last day on which telling still helps, and a late scan makes up for it: negative lies
behind the due date. Columns that a row cannot have are in `NEVER`, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from citizens.enums import LifeEventKind as Kind
from tests.procedures.detection.givens import (
    Cast,
    Fact,
    a_card_of_somebody,
    birthday,
    card_issued,
    deceased,
    firm,
    happening,
    holder,
    home,
    listed,
    lost,
    member,
    minor,
    paper,
    parents,
    pension_drawn,
    pupil,
)


@dataclass(frozen=True)
class Row:
    """One trigger; `answering` makes whom it is about with a guardian, `two` with two people."""

    key: str
    cast: Callable[..., Cast]
    fact: Fact
    told: tuple[int, ...]
    last: int
    answering: Callable[..., Cast] | None = minor
    two: Callable[..., Cast] | None = minor
    age: int | None = None
    ends_on: str | None = None

    @property
    def name(self) -> str:
        """The rule, and its age where it has several."""
        return f"{self.key} at {self.age}" if self.age else self.key


def of_paper(key: str, kind: str, told: tuple[int, ...], last: int) -> Row:
    return Row(key, holder, paper(kind), told, last)


def of_firm(key: str, kind: str, told: tuple[int, ...], last: int) -> Row:
    return Row(key, firm, paper(kind), told, last, answering=firm, two=firm)


def of_card(key: str, age: int) -> Row:
    fact = birthday(age, card_issued, "date_changed")
    if age < 18:
        return Row(key, minor, fact, (60, 30, 7, 0), -30, age=age)
    return Row(key, holder, fact, (60, 30, 7, 0), -30, answering=None, two=None, age=age)


def of_loss(key: str, kind: str) -> Row:
    return Row(key, holder, lost(kind), (60,), 0)


_BORN = happening(Kind.BIRTH_REGISTERED, 60, ("child", "mother"), before=a_card_of_somebody)
_HARD_TIMES = happening(Kind.INCOME_SHOCK_OR_DISASTER, 60)
_PERMIT = happening(Kind.CONSTRUCTION_PERMIT_ISSUED, 120)
_NOTIFIED = happening(Kind.BIRTH_NOTIFIED, 60, ("mother", "father"))
_DIED = happening(Kind.DEATH_NOTIFIED, 15)
_BURIED = happening(Kind.DEATH_REGISTERED, 60)

TABLE = (
    # Papers that run out.
    of_paper("driving_licence_renewal", "driving_licence", (90, 60, 30, 7, 1), -30),
    of_paper("passport_issue", "passport", (240, 180, 90, 30), -30),
    of_paper("construction_permit_extension", "construction_permit", (60, 30, 15), 0),
    of_paper("medical_licence_extension", "medical_practice_licence", (120, 90, 75, 65), 60),
    of_paper("tour_guide_card_renewal", "tour_guide_card", (90, 60, 45, 31), 30),
    of_paper("veterinary_certificate_extension", "veterinary_certificate", (90, 60, 45, 31), 30),
    of_firm("transport_badge", "transport_badge", (15, 10, 5, 1), 0),
    # The law sets no term: told only of a licence that was given one.
    of_firm("transport_business_licence_expiry", "transport_business_licence", (60, 30, 15, 1), 0),
    # Birthdays.
    of_card("identity_card_first_issue_14", 14),
    of_card("identity_card_replace_at_age", 25),
    of_card("identity_card_replace_at_age", 40),
    of_card("identity_card_replace_at_age", 60),
    Row(
        "social_pension", holder, birthday(75, pension_drawn, "conditions_no_longer_met"),
        (60, 30, 7, 0), -60, answering=None, two=None, age=75,
    ),
    # Events: 60 days to register a birth, told on days 3, 14, 30, 45 and 55; a death 15, told on
    # days 2, 7 and 12; the others are told at once, as long as the offer helps.
    Row(
        "birth", parents, _NOTIFIED, (57, 46, 30, 15, 5), -30, two=parents,
    ),
    Row("death", deceased, _DIED, (13, 8, 3), -30, answering=None, two=deceased),
    Row("residence_removal", deceased, _BURIED, (60,), 0, answering=None, two=deceased),
    Row("identity_card_under_14", minor, _BORN, (60,), 0),
    Row("permanent_residence", holder, happening(Kind.MOVED, 60), (60,), 0),
    Row("house_connect", holder, _PERMIT, (120,), 0),
    of_loss("driving_licence_reissue", "driving_licence"),
    of_loss("identity_card_reissue", "citizen_identity_card"),
    of_loss("veterinary_certificate_reissue", "veterinary_certificate"),
    Row(
        "poor_household_recognition_after_income_shock_or_disaster", member, _HARD_TIMES, (60,), 0,
        answering=member, two=None,
    ),
    # Campaigns, counted to their last day.
    Row("primary_school_admission", minor, pupil(), (107, 84, 77), 0, ends_on="07-31"),
    Row(
        "poor_household_annual_review", home, listed("Hộ cận nghèo"), (134, 104), 0,
        answering=home, two=None, ends_on="12-14",
    ),
    Row(
        "poor_household_recognition", home, listed("Không"), (104,), 0,
        answering=home, two=None, ends_on="12-14",
    ),
)  # fmt: skip

_OF_AGE = "whoever reaches the age is grown up, and told in person"
_FAMILY = "the deceased has no guardian: the family is told"
_HEAD = "a household has one head"
NEVER = {
    "guardian": {
        "identity_card_replace_at_age": _OF_AGE,
        "social_pension": _OF_AGE,
        "death": _FAMILY,
        "residence_removal": _FAMILY,
    },
    "two": {
        "identity_card_replace_at_age": _OF_AGE,
        "social_pension": _OF_AGE,
        "poor_household_recognition_after_income_shock_or_disaster": _HEAD,
        "poor_household_annual_review": _HEAD,
        "poor_household_recognition": _HEAD,
    },
}
