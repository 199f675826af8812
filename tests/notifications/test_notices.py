"""Codes as people type them, and signed papers: a change of any character shows."""

from __future__ import annotations

import base64
import string
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from notifications.rules.notices import (
    Notice,
    NoticeFormError,
    NoticeKind,
    read_notice,
    typed_code,
)
from notifications.services import genuine_notice, sign_notice
from portal.common.crypto import public_halves

LETTER = Notice(NoticeKind.LETTER, "CDFG2345", "H17.1", date(2026, 11, 26))
SLIP = Notice(NoticeKind.SLIP, "H17.1-20261126-0000001", "", date(2026, 11, 26))
SPELLING = string.ascii_letters + string.digits + "-_~.+/= \n"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("CDFG-2345", "CDFG2345"),
        (" cdfg 2345 ", "CDFG2345"),
        ("cdfg–2345.", "CDFG2345"),
        ("Mã CDFG-2345", "CDFG2345"),
        ("Xin tự mở Cổng để xem. Ma CDFG-2345", "CDFG2345"),
        ("ＣＤＦＧ２３４５", "CDFG2345"),
        ("C D F G 2 3 4 5", "CDFG2345"),
        ("CDFG-234", ""),
        ("AEIOU-0101", ""),
        ("", ""),
        ("'; DROP TABLE", ""),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str, code: str) -> None:
    assert typed_code(typed) == code


@pytest.mark.parametrize("notice", [LETTER, SLIP])
def test_what_was_signed_is_genuine_also_as_an_address(notice: Notice) -> None:
    text = sign_notice(notice)

    assert genuine_notice(text) == notice
    assert genuine_notice(f"https://portal.example/verify/{text}/") == notice
    assert len(text) < 160


@pytest.mark.parametrize("notice", [LETTER, SLIP])
def test_any_changed_character_fails(notice: Notice) -> None:
    text = sign_notice(notice)

    taken = [
        changed
        for place in range(len(text))
        for letter in SPELLING
        if letter != text[place]
        and genuine_notice(changed := text[:place] + letter + text[place + 1 :]) is not None
        # White space around and a last slash are no part of the text.
        and changed.strip().rstrip("/") == changed
    ]

    assert taken == []


def test_a_left_out_or_added_character_fails() -> None:
    text = sign_notice(LETTER)

    assert not any(genuine_notice(text[:n] + text[n + 1 :]) for n in range(len(text)))
    assert not any(genuine_notice(f"{text[:n]}A{text[n:]}") for n in range(len(text) + 1))


def test_another_key_signs_in_vain_and_an_older_one_still_counts(settings: Settings) -> None:
    ours, text = settings.SIGNING_KEY, sign_notice(LETTER)
    newer = base64.b64encode(b"n" * 32).decode()

    settings.SIGNING_KEY = newer
    assert genuine_notice(text) is None

    settings.SIGNING_KEY = f"{newer},{ours}"
    assert genuine_notice(text) == LETTER


@pytest.mark.parametrize(
    ("code", "agency"), [("short", ""), ("CDFG2345", "h17"), ("CDFG~2345", ""), ("CDFG2345", "~")]
)
def test_what_has_no_place_in_the_form_is_not_signed(code: str, agency: str) -> None:
    with pytest.raises(NoticeFormError):
        sign_notice(Notice(NoticeKind.LETTER, code, agency, LETTER.day))


def test_a_day_that_never_was_is_refused() -> None:
    with pytest.raises(NoticeFormError):
        read_notice(sign_notice(LETTER).replace("20261126", "20261131"))


class TestCommand:
    """`verify_notice`: with nothing but the public key."""

    @pytest.fixture
    def keys(self, tmp_path: Path) -> Path:
        file = tmp_path / "portal.pub"
        lines = [base64.b64encode(half).decode() for half in public_halves()]
        file.write_text("\n".join(lines))
        return file

    def test_a_genuine_paper_is_told(self, keys: Path, settings: Settings) -> None:
        text, out = sign_notice(LETTER), StringIO()
        settings.SIGNING_KEY = ""  # the verifier has none

        call_command("verify_notice", text, key=keys, stdout=out)

        assert out.getvalue() == "GENUINE letter code=CDFG2345 agency=H17.1 date=26/11/2026\n"

    @pytest.mark.parametrize("text", ["nothing", "1~T~CDFG2345~H17.1~20261126~" + "A" * 86])
    def test_anything_else_is_refused(self, keys: Path, text: str) -> None:
        with pytest.raises(CommandError, match="NOT GENUINE"):
            call_command("verify_notice", text, key=keys)

    def test_a_file_without_keys_is_named(self, tmp_path: Path) -> None:
        empty = tmp_path / "empty"
        empty.write_text("")
        for file in (empty, tmp_path / "missing"):
            with pytest.raises(CommandError, match=file.name):
                call_command("verify_notice", sign_notice(LETTER), key=file)
