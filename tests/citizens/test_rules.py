from __future__ import annotations

from datetime import date

import pytest

from citizens.rules import starts_new_term

ISSUED, EXPIRES = date(2016, 12, 1), date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "issued_on", "expires_on", "new"),
    [
        ("driving_licence", ISSUED, EXPIRES, False),
        ("driving_licence", ISSUED, date(2026, 12, 2), False),  # a register corrects by a day
        ("driving_licence", ISSUED, date(2026, 11, 30), False),
        ("driving_licence", date(2016, 12, 2), EXPIRES, False),
        ("driving_licence", ISSUED, date(2027, 1, 1), False),  # 31 days: still a correction
        ("driving_licence", ISSUED, date(2027, 1, 2), True),
        ("driving_licence", date(2026, 10, 1), date(2036, 10, 1), True),  # renewed
        ("driving_licence", date(2026, 10, 1), EXPIRES, True),  # issued anew, same last day
        ("driving_licence", date(2006, 12, 1), date(2016, 12, 1), False),  # back: a correction
        ("driving_licence", ISSUED, None, False),
        ("driving_licence", date(2026, 10, 1), None, True),
        ("transport_badge", ISSUED, date(2026, 12, 15), False),
        ("transport_badge", ISSUED, date(2026, 12, 16), True),
    ],
)
def test_a_renewal_starts_a_term_and_a_correction_does_not(
    kind: str, issued_on: date, expires_on: date | None, new: bool
) -> None:
    assert new is starts_new_term(
        kind=kind,
        issued_on=issued_on,
        expires_on=expires_on,
        was_issued_on=ISSUED,
        was_expires_on=EXPIRES,
    )


def test_a_paper_that_had_no_last_day_and_gets_one_is_not_renewed() -> None:
    assert not starts_new_term(
        kind="driving_licence",
        issued_on=ISSUED,
        expires_on=EXPIRES,
        was_issued_on=ISSUED,
        was_expires_on=None,
    )
