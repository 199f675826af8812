"""The QR of a transfer against published codes, read back by a reader of its own."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from dossiers.payments import vietqr
from dossiers.payments.gateways import Account, CallError, account, read_call
from dossiers.payments.references import new_reference, reference_in


def read(text: str) -> dict[str, str]:
    """Return the data objects of an EMVCo text or template."""
    found, rest = {}, text
    while rest:
        size = int(rest[2:4])
        found[rest[:2]], rest = rest[4 : 4 + size], rest[4 + size :]
    return found


# Whole codes as NAPAS's guide and a bank's generator print them: only the CRC tells them apart.
@pytest.mark.parametrize(
    "published",
    [
        "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA"
        "53037045802VN63049E6F",
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
        "530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E",
        "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA"
        "530370454061200005802VN62170813ung ho lu lut6304C15C",
    ],
)
def test_the_checksum_is_that_of_published_codes(published: str) -> None:
    assert vietqr.crc16(published[:-4]) == published[-4:]


def test_a_transfer_is_written_as_a_bank_writes_it() -> None:
    text = vietqr.transfer_text(
        bank="970415", account="0011001932418", amount_vnd=120_000, content="ung ho lu lut"
    )

    assert text == (
        "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA"
        "530370454061200005802VN62170813ung ho lu lut6304C15C"
    )


def test_what_is_written_reads_back() -> None:
    reference = new_reference()
    text = vietqr.transfer_text(
        bank="999999", account="99900001234", amount_vnd=135_000, content=reference
    )

    told = read(text)
    where = read(told["38"])
    assert (told["53"], told["54"], told["58"]) == ("704", "135000", "VN")
    assert read(where["01"]) == {"00": "999999", "01": "99900001234"}
    assert read(told["62"]) == {"08": reference}
    assert told["63"] == vietqr.crc16(text[:-4])
    assert vietqr.picture(text).startswith("<svg")


@pytest.mark.parametrize(
    "changed",
    [
        {"bank": "97041"},
        {"account": "0011 001"},
        {"account": "1" * 20},
        {"amount_vnd": 0},
        {"content": ""},
        {"content": "nộp phí"},
        {"content": "x" * 26},
        {"amount_vnd": 10**13},
    ],
)
def test_what_no_bank_reads_is_refused(changed: dict[str, object]) -> None:
    good: dict[str, object] = {
        "bank": "970415",
        "account": "00110",
        "amount_vnd": 1,
        "content": "A",
    }

    with pytest.raises(ValueError, match="Not a"):
        vietqr.transfer_text(**good | changed)  # type: ignore[arg-type]


def test_a_reference_is_found_in_what_banks_make_of_it() -> None:
    reference = new_reference()
    assert len({new_reference() for _each in range(500)}) == 500

    for content in (
        reference,
        f"MBVCB.7781.{reference}.CT tu 0011 toi 999",
        f"ct {reference.lower()} nop le phi",
        f"{reference[:5]} {reference[5:9]}.{reference[9:]}",
        f"DVC {reference}",
    ):
        assert reference_in(content) == reference
    for place in range(3, 14):  # one sign mistyped is no reference at all
        other = "2" if reference[place] != "2" else "3"
        assert reference_in(reference[:place] + other + reference[place + 1 :]) == ""
    assert reference_in("") == ""


GOOD_URL = "vietqr://vcb?bin=970436&account=0123456789&holder=KHO+BAC+NHA+NUOC&bank=Vietcombank"


def test_the_account_is_what_the_setting_says(settings: Settings) -> None:
    settings.PAYMENT_URL = GOOD_URL
    assert account() == Account("vcb", "970436", "Vietcombank", "0123456789", "KHO BAC NHA NUOC")
    settings.PAYMENT_URL = ""
    assert account() is None


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("vietqr:", "https:", "scheme"),
        ("vcb", "VCB!", "name of the gateway"),
        ("970436", "97", "bin"),
        ("account=0123456789", "", "account"),
        ("KHO+BAC+NHA+NUOC", "", "holder"),
        ("Vietcombank", "", "bank"),
    ],
)
def test_a_wrong_setting_says_what_is_wrong(
    settings: Settings, old: str, new: str, named: str
) -> None:
    settings.PAYMENT_URL = GOOD_URL.replace(old, new)

    with pytest.raises(ImproperlyConfigured, match=named):
        account()


WHOLE = {"transaction": "FT1", "amount": 135000, "content": "DVC", "paid_at": ""}


@pytest.mark.parametrize("amount", [135000, "135000", "135.000", "135,000"])
def test_amounts_are_whole_dong(amount: object) -> None:
    assert read_call(WHOLE | {"amount": amount}).amount_vnd == 135_000


@pytest.mark.parametrize(
    "changed",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": "1e6"},
        {"amount": 135000.5},
        {"amount": True},
        {"amount": "135,5"},
        {"amount": 10**13},
        {"amount": None},
        {"transaction": ""},
        {"transaction": "x" * 81},
        {"transaction": "a\x00b"},
        {"paid_at": "yesterday"},
        {"paid_at": "2026-11-26T09:00"},
    ],
)
def test_a_call_that_says_no_payment_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(CallError):
        read_call(WHOLE | changed)
