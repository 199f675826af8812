"""Stages, windows, fees and new expiry dates, in tables of dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.definition import Fee, Validity, Window
from procedures.definition.reading import Node
from procedures.enums import FeeChannel, FilingChannel, WindowShape
from procedures.rules import (
    FilingWindow,
    add_months,
    add_years,
    age_on,
    fee_for,
    filing_window,
    milestone_on,
    next_expiry,
    next_remind_on,
    pick_fee,
    renewed_class,
    stage_due,
)
from tests.factories.procedures import procedure_definition, rule_definition

LEADS = (90, 60, 30, 7, 1)
DUE = date(2027, 3, 1)

leads = st.lists(st.integers(0, 400), min_size=1, max_size=8, unique=True).map(
    lambda days: tuple(sorted(days, reverse=True))
)
days_left = st.integers(-400, 800)


@pytest.mark.parametrize(
    ("left", "stage"),
    [(91, None), (90, 90), (89, 90), (61, 90), (60, 60), (31, 60), (7, 7), (1, 1), (0, 1), (-5, 1)],
)
def test_stage_due(left: int, stage: int | None) -> None:
    assert stage_due(LEADS, left) == stage


@pytest.mark.parametrize(
    ("stage", "day"),
    [
        (None, date(2026, 12, 1)),
        (90, date(2026, 12, 31)),
        (60, date(2027, 1, 30)),
        (30, date(2027, 2, 22)),
        (7, date(2027, 2, 28)),
        (1, None),
        (45, date(2027, 1, 30)),
    ],
)
def test_next_remind_on(stage: int | None, day: date | None) -> None:
    assert next_remind_on(LEADS, DUE, stage) == day


@given(leads, days_left)
def test_stage_is_the_most_urgent_one_reached(stages: tuple[int, ...], left: int) -> None:
    stage = stage_due(stages, left)

    reached = [lead for lead in stages if left <= lead]
    assert stage == (min(reached) if reached else None)


@given(leads, st.integers(0, 800))
def test_walking_day_by_day_tells_each_stage_once(stages: tuple[int, ...], start: int) -> None:
    """Whoever scans daily from `start` days before tells each stage once, on its very day."""
    told: list[int] = []
    stage: int | None = None
    wake: date | None = DUE - timedelta(days=start)
    for left in range(start, -1, -1):
        day = DUE - timedelta(days=left)
        if wake is not None and day >= wake and (reached := stage_due(stages, left)) is not None:
            told.append(reached)
            stage = reached
            wake = next_remind_on(stages, DUE, stage)
    expected = [lead for lead in stages if lead <= start]
    late = stage_due(stages, start)
    assert told == ([late] if late is not None and late > start else []) + expected


@given(leads, days_left)
def test_next_reminder_lies_ahead_of_what_was_told(stages: tuple[int, ...], left: int) -> None:
    stage = stage_due(stages, left)

    following = next_remind_on(stages, DUE, stage)
    if stage is not None and following is not None:
        assert following > DUE - timedelta(days=left)


WINDOWS = [
    ("medical_licence_extension", None, date(2026, 12, 31)),
    ("veterinary_certificate_extension", None, date(2027, 1, 30)),
    ("tour_guide_card_renewal", None, date(2027, 1, 30)),
    ("transport_badge", date(2027, 2, 14), DUE),
    ("driving_licence_renewal", None, None),
    ("passport_issue", None, None),
    ("identity_card_replace_at_age", None, None),
    ("construction_permit_extension", None, None),
]


@pytest.mark.parametrize(("key", "earliest", "latest"), WINDOWS)
def test_filing_window(key: str, earliest: date | None, latest: date | None) -> None:
    assert filing_window(rule_definition(key), DUE) == FilingWindow(earliest, latest)


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2027, 2, 13), False),
        (date(2027, 2, 14), True),
        (date(2027, 3, 1), True),
        (date(2027, 3, 2), False),
    ],
)
def test_badge_is_filed_in_its_last_fifteen_days(day: date, allowed: bool) -> None:
    assert filing_window(rule_definition("transport_badge"), DUE).allows(day) is allowed


def test_shapes_of_the_windows() -> None:
    assert rule_definition("medical_licence_extension").window == Window(
        WindowShape.NO_LATER_THAN, 60
    )
    assert rule_definition("transport_badge").window == Window(WindowShape.ONLY_WITHIN, 15)
    assert rule_definition("passport_issue").window == Window(WindowShape.RECOMMENDED, None)


YEARS = [
    (date(2024, 2, 29), 1, date(2025, 2, 28)),
    (date(2024, 2, 29), 4, date(2028, 2, 29)),
    (date(2010, 2, 28), 14, date(2024, 2, 28)),
    (date(2012, 2, 29), 14, date(2026, 2, 28)),
    (date(2000, 12, 31), 25, date(2025, 12, 31)),
]


@pytest.mark.parametrize(("day", "years", "expected"), YEARS)
def test_birthdays(day: date, years: int, expected: date) -> None:
    assert add_years(day, years) == expected
    assert milestone_on(day, years) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2012, 2, 29), date(2026, 2, 27), 13),
        (date(2012, 2, 29), date(2026, 2, 28), 14),
        (date(1990, 6, 1), date(2026, 5, 31), 35),
        (date(1990, 6, 1), date(2026, 6, 1), 36),
    ],
)
def test_age(birth: date, day: date, age: int) -> None:
    assert age_on(birth, day) == age


@given(st.dates(date(1920, 1, 1), date(2026, 1, 1)), st.integers(1, 100))
def test_age_is_reached_on_the_milestone_and_not_before(birth: date, age: int) -> None:
    birthday = milestone_on(birth, age)

    assert age_on(birth, birthday) == age
    assert age_on(birth, birthday - timedelta(days=1)) == age - 1


DIRECT, ONLINE, POSTAL = FilingChannel.DIRECT, FilingChannel.ONLINE, FilingChannel.POSTAL
ORDINARY, LOST = "Cấp mới, cấp lại thông thường", "Cấp lại do hỏng hoặc mất"
ON_SITE = "Thẻ hướng dẫn viên du lịch tại điểm"
HOUSE, WORKS = "Nhà ở riêng lẻ", "Công trình khác"
FEES = [
    ("driving_licence_renewal", ONLINE, None, date(2025, 12, 31), 115_000),
    ("driving_licence_renewal", ONLINE, None, date(2026, 1, 1), 135_000),
    ("driving_licence_renewal", DIRECT, None, date(2025, 6, 1), 135_000),
    ("identity_card_replace_at_age", DIRECT, None, date(2026, 12, 31), 25_000),
    ("identity_card_replace_at_age", DIRECT, None, date(2027, 1, 1), 50_000),
    ("passport_issue", DIRECT, None, date(2026, 11, 22), 200_000),
    ("passport_issue", DIRECT, LOST, date(2026, 11, 22), 400_000),
    ("passport_issue", ONLINE, ORDINARY, date(2023, 12, 31), 160_000),
    ("passport_issue", ONLINE, LOST, date(2023, 12, 31), 400_000),
    ("tour_guide_card_renewal", POSTAL, None, date(2026, 11, 22), 650_000),
    ("tour_guide_card_renewal", POSTAL, ON_SITE, date(2026, 11, 22), 200_000),
    ("construction_permit_house", DIRECT, None, date(2026, 11, 22), 50_000),
    ("construction_permit_house", DIRECT, WORKS, date(2026, 11, 22), 100_000),
    ("construction_permit_house", ONLINE, HOUSE, date(2026, 11, 22), 0),
    ("permanent_residence", ONLINE, None, date(2026, 11, 22), 10_000),
    ("permanent_residence", DIRECT, None, date(2026, 11, 22), 20_000),
    ("medical_licence_extension", ONLINE, None, date(2026, 11, 22), None),
]


@pytest.mark.parametrize(("key", "channel", "case", "day", "amount"), FEES)
def test_fee(
    key: str, channel: FilingChannel, case: str | None, day: date, amount: int | None
) -> None:
    fee = fee_for(definition=procedure_definition(key), channel=channel, case=case, day=day)

    assert (fee.amount_vnd if fee else None) == amount


def test_fee_of_just_this_channel_wins_over_one_for_all() -> None:
    fees = [
        Fee(10, FeeChannel.ONLINE, None, None, None, None),
        Fee(20, FeeChannel.ANY, None, None, None, None),
    ]

    picked = pick_fee(fees, channel=ONLINE, case=None, day=DUE)

    assert picked is not None
    assert picked.amount_vnd == 10


def terms_of(key: str) -> Validity:
    credential = procedure_definition(key).credential
    assert credential is not None
    return credential.validity


BORN, TODAY = date(1980, 5, 10), date(2026, 11, 22)
LICENCES = [
    ("A1", TODAY, BORN, "male", None),
    ("B", TODAY, BORN, "female", date(2036, 11, 22)),
    ("C1", TODAY, BORN, "female", date(2036, 11, 22)),
    ("CE", TODAY, BORN, "male", date(2031, 11, 22)),
    ("B", date(2028, 2, 29), BORN, "male", date(2038, 2, 28)),
    ("B2", date(2020, 3, 1), BORN, "male", date(2030, 3, 1)),
    ("E", date(2020, 3, 1), BORN, "male", date(2025, 3, 1)),
    ("A2", date(2020, 3, 1), BORN, "male", None),
    ("B1", date(2020, 3, 1), BORN, "female", date(2035, 5, 10)),
    ("B1", date(2020, 3, 1), BORN, "male", date(2040, 5, 10)),
    ("B1", date(2020, 3, 1), date(1968, 5, 10), "female", date(2030, 3, 1)),
    ("B1", TODAY, BORN, "female", None),
]


@pytest.mark.parametrize(("category", "issued", "born", "gender", "expected"), LICENCES)
def test_term_of_a_driving_licence(
    category: str, issued: date, born: date, gender: str, expected: date | None
) -> None:
    validity = terms_of("driving_licence_renewal")

    assert next_expiry(validity, issued, category, born, gender) == expected


@pytest.mark.parametrize(
    ("category", "issued", "renewed"),
    [("B1", date(2020, 1, 1), "B"), ("B1", date(2025, 1, 1), "B1"), ("C", date(2020, 1, 1), "C")],
)
def test_class_after_exchange(category: str, issued: date, renewed: str) -> None:
    assert renewed_class(category, issued) == renewed


TERMS = [
    ("passport_issue", TODAY, date(2012, 11, 22), date(2036, 11, 22)),
    ("passport_issue", TODAY, date(2012, 11, 23), date(2031, 11, 22)),
    ("identity_card_replace_at_age", TODAY, date(2000, 1, 1), date(2040, 1, 1)),
    ("identity_card_replace_at_age", TODAY, date(2003, 11, 23), date(2028, 11, 23)),
    ("identity_card_replace_at_age", TODAY, date(2003, 11, 22), date(2043, 11, 22)),
    ("identity_card_replace_at_age", TODAY, date(1966, 11, 1), None),
    ("identity_card_first_issue_14", TODAY, date(2012, 11, 22), date(2037, 11, 22)),
    ("construction_permit_extension", date(2026, 2, 28), None, date(2027, 2, 28)),
    ("medical_licence_extension", TODAY, None, date(2031, 11, 22)),
    ("transport_badge", TODAY, None, date(2033, 11, 22)),
    ("poor_household_recognition", TODAY, None, date(2026, 12, 31)),
    ("household_business_registration", TODAY, None, None),
]


@pytest.mark.parametrize(("key", "issued", "born", "expected"), TERMS)
def test_term_of_other_papers(
    key: str, issued: date, born: date | None, expected: date | None
) -> None:
    assert next_expiry(terms_of(key), issued, "", born, "female") == expected


@pytest.mark.parametrize(
    ("key", "category", "said"),
    [("passport_issue", "", "birth date"), ("driving_licence_renewal", "Z9", "class 'Z9'")],
)
def test_term_that_cannot_be_known(key: str, category: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        next_expiry(terms_of(key), TODAY, category, None, "male")


def test_age_band_that_is_missing() -> None:
    validity = Validity.read(
        Node({"rule": "by_age_at_issue", "bands": [{"min_age": 14, "years": 10}]})
    )

    with pytest.raises(ValueError, match="age of 10"):
        next_expiry(validity, TODAY, "", date(2016, 1, 1), "male")
