"""Dates, days left and money read as a person would say them."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import translation

from portal.web.templatetags import portal_format as fmt

NOON = dt.datetime(2026, 11, 21, 5, 0, tzinfo=dt.UTC)  # 12:00 in Viet Nam
NB = "\u00a0"


@pytest.mark.parametrize(
    ("day", "vi", "en"),
    [
        (dt.date(2026, 11, 20), f"thứ{NB}Sáu, 20/11/2026", "Friday, 20/11/2026"),
        (dt.date(2026, 11, 22), f"Chủ{NB}nhật, 22/11/2026", "Sunday, 22/11/2026"),
        (dt.datetime(2026, 11, 21, 17, 30, tzinfo=dt.UTC), f"Chủ{NB}nhật, 22/11/2026", ""),
    ],
)
def test_a_day_with_its_weekday(day: dt.date, vi: str, en: str) -> None:
    with translation.override("vi"):
        assert fmt.vi_date(day) == vi
    with translation.override("en"):
        assert not en or fmt.vi_date(day) == en


@pytest.mark.parametrize(
    ("day", "vi", "en"),
    [
        (dt.date(2027, 1, 20), f"còn 60{NB}ngày", f"60{NB}days left"),
        (dt.date(2026, 11, 22), f"còn 1{NB}ngày", f"1{NB}day left"),
        (dt.date(2026, 11, 21), "hôm nay", "today"),
        (dt.date(2026, 11, 18), f"quá hạn 3{NB}ngày", f"3{NB}days late"),
    ],
)
def test_days_left_are_counted_in_viet_nam(day: dt.date, vi: str, en: str) -> None:
    with time_machine.travel(NOON, tick=False):
        with translation.override("vi"):
            assert fmt.days_left(day) == vi
        with translation.override("en"):
            assert fmt.days_left(day) == en


def test_a_day_to_keep_says_the_working_days() -> None:
    with translation.override("vi"), time_machine.travel(NOON, tick=False):
        html = fmt.due(dt.date(2026, 11, 27), 5)

    assert html == (
        f'<time datetime="2026-11-27">thứ{NB}Sáu, 27/11/2026 '
        f'<span class="nowrap">(còn 5{NB}ngày làm việc)</span></time>'
    )


@pytest.mark.parametrize(
    ("amount", "vi", "en"),
    [
        (135_000, f"135.000{NB}đ", f"135,000{NB}đ"),
        (1_234_567, f"1.234.567{NB}đ", f"1,234,567{NB}đ"),
        (0, "Không mất phí", "Free of charge"),
    ],
)
def test_money(amount: int, vi: str, en: str) -> None:
    with translation.override("vi"):
        assert fmt.vnd(amount) == vi
    with translation.override("en"):
        assert fmt.vnd(amount) == en


def test_a_share_and_an_instant() -> None:
    with translation.override("vi"):
        assert fmt.share(29_278 / 31_513) == f"92,91{NB}%"
        assert fmt.moment(NOON) == f"12:00{NB}21/11/2026"
        assert fmt.working_days_left(-2) == f"quá hạn 2{NB}ngày làm việc"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ma 7K3M-P9QX", 'Ma <span class="nowrap">7K3M-P9QX</span>'),
        ("H17.20-20261121-0000123.", '<span class="nowrap">H17.20-20261121-0000123</span>.'),
        ("một\n<b>hai</b>", "một<br>&lt;b&gt;hai&lt;/b&gt;"),
        ("2026-2027 20-11-2026", '<span class="nowrap">2026-2027</span> 20-11-2026'),
        ("", ""),
    ],
)
def test_a_message_is_shown_in_its_lines_and_codes_stay_whole(text: str, html: str) -> None:
    assert fmt.message_text(text) == html


@pytest.mark.parametrize(
    ("text", "is_vietnamese"),
    [
        ("Luật số 36/2024/QH15", True),
        ("In charge: Sở Y tế of the city", False),
        ("135.000 đ", False),
    ],
)
def test_vietnamese_is_marked_on_an_english_page_only(text: str, is_vietnamese: bool) -> None:
    with translation.override("en"):
        assert fmt.lang_of(text) == (' lang="vi"' if is_vietnamese else "")
    with translation.override("vi"):
        assert fmt.lang_of(text) == ""


def test_vietnamese_words_within_an_english_sentence_are_marked() -> None:
    with translation.override("en"):
        marked = fmt.in_its_language("Thẻ <b> y tế")
        assert marked == '<span lang="vi">Thẻ &lt;b&gt; y tế</span>'
        assert fmt.in_its_language("Driving licence") == "Driving licence"
    with translation.override("vi"):
        assert fmt.in_its_language("Thẻ y tế") == "Thẻ y tế"
