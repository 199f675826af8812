from __future__ import annotations

import pytest

from portal.common.masking import mask_email, mask_name, mask_number, mask_phone, mask_pin


@pytest.mark.parametrize(
    ("pin", "shown"),
    [("049203001234", "049•••••1234"), ("1234567", "•••••••"), ("", ""), (None, "")],
)
def test_a_pin_shows_its_province_and_last_four(pin: str | None, shown: str) -> None:
    assert mask_pin(pin) == shown


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("+84501234567", "050•••4567"),
        ("0501234567", "050•••4567"),
        ("+33612345678", "+33•••••5678"),
        ("113", "•••"),
        (None, ""),
    ],
)
def test_a_phone_shows_its_prefix_and_last_four(phone: str | None, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("999000001234", "••••••••1234"),
        ("003456/DNA-GPHN", "••3456/DNA-GPHN"),
        ("12/DNA-GPHN", "••/DNA-GPHN"),
        ("B12", "•••"),
        ("", ""),
    ],
)
def test_a_papers_number_shows_its_end(number: str, shown: str) -> None:
    assert mask_number(number) == shown


@pytest.mark.parametrize(
    ("email", "shown"),
    [("lan.tran@example.org", "l•••@example.org"), ("lan", "•••"), ("", ""), (None, "")],
)
def test_an_address_shows_its_first_letter_and_domain(email: str | None, shown: str) -> None:
    assert mask_email(email) == shown


@pytest.mark.parametrize(
    ("name", "shown"), [("Trần Thị Lan", "T. T. Lan"), ("Lan", "Lan"), ("", ""), (None, "")]
)
def test_a_name_shows_initials_and_what_people_are_called_by(name: str | None, shown: str) -> None:
    assert mask_name(name) == shown
