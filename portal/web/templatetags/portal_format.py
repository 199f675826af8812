"""Dates, days left, money and numbers as a reader expects them, in the active language.

Numbers stay together with their unit by a no-break space, so a line never ends in "135.000".
Civil dates are those of Asia/Ho_Chi_Minh; the day of reading comes from `portal.common.clock`.
"""

from __future__ import annotations

import datetime as dt
import re

from django import template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from portal.common import clock
from procedures.definition.laws import law_name

register = template.Library()

NO_BREAK = "\u00a0"
WEEKDAYS = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


# The code of a message or of a dossier, as it stands in a text.
_WORD = re.compile(r"[^\W\d_]{2,}")
_CODE = re.compile(r"(\b[0-9A-Z]{1,4}(?:\.[0-9A-Z]{1,6})+-\d+-\d+\b|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b)")


def _civil(moment: dt.date) -> dt.date:
    """Return the civil date of a date or of an aware datetime."""
    if isinstance(moment, dt.datetime):
        return clock.civil_date(moment)
    return moment


def _english() -> bool:
    return (get_language() or "vi").startswith("en")


@register.simple_tag
def lang_of(value: object) -> SafeString:
    """Mark an element whose text is Vietnamese on a page that is not, for who hears it (3.1.2).

    Names of papers, offices and laws come as the law has them. A text is Vietnamese when half of
    its words carry a mark that English has not.
    """
    if not _english():
        return SafeString("")
    words = _WORD.findall(str(value))
    marked = sum(1 for word in words if not word.isascii())
    return SafeString(' lang="vi"') if words and marked * 2 >= len(words) else SafeString("")


@register.filter
def in_its_language(text: str) -> str:
    """Mark words within a sentence that are Vietnamese on a page that is not, as `lang_of` does."""
    mark = lang_of(text)
    return format_html("<span{}>{}</span>", mark, text) if mark else text


@register.filter
def short_date(day: dt.date) -> str:
    """Format a day as "20/11/2026", in both languages."""
    return f"{_civil(day):%d/%m/%Y}"


@register.filter
def vi_date(day: dt.date) -> str:
    """Format a day with its weekday: "thứ Sáu, 20/11/2026"."""
    civil = _civil(day)
    weekday = str(WEEKDAYS[civil.weekday()]).replace(" ", NO_BREAK)
    return f"{weekday}, {short_date(civil)}"


@register.filter
def weekday(day: dt.date) -> str:
    """Say the day of the week: "thứ Sáu"."""
    return str(WEEKDAYS[_civil(day).weekday()])


@register.filter
def moment(at: dt.datetime) -> str:
    """Format an aware datetime as "07:30 20/11/2026" in civil time."""
    civil = clock.civil_time(at)
    return f"{civil:%H:%M}{NO_BREAK}{civil:%d/%m/%Y}"


@register.filter
def civil_hour(at: dt.datetime) -> str:
    """Format the hour of an aware datetime as "07:30" in civil time, where the day stands above."""
    return f"{clock.civil_time(at):%H:%M}"


@register.filter
def days_left(day: dt.date) -> str:
    """Say in words how many calendar days remain until `day`, counted from today."""
    left = (_civil(day) - clock.today()).days
    if left == 0:
        return gettext("today")
    if left < 0:
        return _joined(ngettext("%(n)d day late", "%(n)d days late", -left), -left)
    return _joined(ngettext("%(n)d day left", "%(n)d days left", left), left)


@register.filter
def working_days_left(count: int) -> str:
    """Say a number of working days, negative when the day has passed, in words."""
    if count == 0:
        return gettext("today")
    if count < 0:
        words = ngettext("%(n)d working day late", "%(n)d working days late", -count)
        return _joined(words, -count)
    return _joined(ngettext("%(n)d working day left", "%(n)d working days left", count), count)


def _joined(words: str, count: int) -> str:
    """Fill in the count and tie it to the word that follows."""
    return words.replace("%(n)d ", f"%(n)d{NO_BREAK}") % {"n": count}


@register.simple_tag
def due(day: dt.date, working_days: int | None = None) -> SafeString:
    """Render a day to keep: "thứ Sáu, 20/11/2026 (còn 5 ngày làm việc)" in a `<time>`.

    `working_days` are counted by the caller from the calendar of working days; without them
    the calendar days from today are said.
    """
    left = days_left(day) if working_days is None else working_days_left(working_days)
    return format_html(
        '<time datetime="{}">{} <span class="nowrap">({})</span></time>',
        _civil(day).isoformat(),
        vi_date(day),
        left,
    )


@register.filter
def grouped(number: int) -> str:
    """Group the digits of a whole number: 29.278 in Vietnamese, 29,278 in English."""
    return f"{number:,}" if _english() else f"{number:,}".replace(",", ".")


@register.filter
def signed(number: int) -> str:
    """Format a difference with its sign: "+29.278", "−3"."""
    return ("+" if number > 0 else "−" if number < 0 else "") + grouped(abs(number))


@register.filter
def vnd(amount: int) -> str:
    """Format an amount of Vietnamese dong, a whole number: "135.000 đ"; nothing to pay is said."""
    if amount == 0:
        return gettext("Free of charge")
    return f"{grouped(amount)}{NO_BREAK}đ"


@register.filter
def amount(amount_vnd: int) -> str:
    """Format a sum of Vietnamese dong; nought is a sum like any other: "0 đ"."""
    return f"{grouped(amount_vnd)}{NO_BREAK}đ"


@register.filter
def told_fee(amount: int | None) -> str:
    """Format a fee; None says that the catalogue names none, which is not the same as free."""
    return gettext("The catalogue names none") if amount is None else vnd(amount)


@register.filter
def share(ratio: float) -> str:
    """Format a ratio from 0 to 1 as a percentage with two decimals: "92,91 %"."""
    figure = f"{ratio * 100:.2f}"
    return f"{figure if _english() else figure.replace('.', ',')}{NO_BREAK}%"


@register.filter
def message_text(text: str) -> SafeString:
    """Show what a message says, in its lines; a code in it is never broken at the end of one."""
    pieces = (
        format_html('<span class="nowrap">{}</span>', piece) if number % 2 else linebreaksbr(piece)
        for number, piece in enumerate(_CODE.split(text))
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


@register.filter
def law(number: str) -> str:
    """Return the number of an act with its kind: "Thông tư 12/2025/TT-BCA"."""
    return law_name(number)
