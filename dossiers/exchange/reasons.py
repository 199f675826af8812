"""Why something did not go to a partner, in the reader's words; it is kept in one spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dossiers.models.dossiers import STATUSES

# How reasons begin that are kept with rows, attempts and comparisons.
_REASONS: Mapping[str, Any] = {
    "refused": gettext_lazy("It was refused"),
    "no connection": gettext_lazy("There was no connection"),
    "no answer": gettext_lazy("There was no answer"),
    "taken, not yet answered": gettext_lazy("It was taken, and will be answered later"),
    "the list cannot be read": gettext_lazy("Its list cannot be read"),
    "the answer is too long": gettext_lazy("Its answer is too long"),
    "the answer does not end": gettext_lazy("Its answer does not end"),
    "lease": gettext_lazy("The time for this attempt was over; the next one goes on"),
    "not ended": gettext_lazy("It did not come to its end."),
    "failed here": gettext_lazy("It failed here"),
}
# How a MappingError begins (dossiers.partners.mapping), without the partner before it.
_DAY = r" on (?P<day>\d{4}-\d\d-\d\d)"
_MAPPING: tuple[tuple[re.Pattern[str], Any], ...] = (
    (
        re.compile(rf"no code of status (?P<status>\d+){_DAY}"),
        gettext_lazy(
            "The mapping of this partner has no code of the status “%(status)s” on %(day)s."
        ),
    ),
    (
        re.compile(rf"nothing in (?P<part>\w+) holds{_DAY}"),
        gettext_lazy("The mapping of this partner says nothing in its part “%(part)s” on %(day)s."),
    ),
    (
        re.compile(rf"no (?P<list>\w+) (?P<value>.+){_DAY}"),
        gettext_lazy(
            "The list “%(list)s” in the mapping of this partner has no “%(value)s” on %(day)s."
        ),
    ),
)
_FILE = re.compile(r"(?P<file>[\w.-]+\.yaml): ")


def reason_named(reason: str) -> str:
    """Return in the reader's words why something did not go."""
    begin, colon, rest = reason.partition(": ")
    if begin.startswith("answered "):
        return _("It answered with the error %(code)s.") % {"code": begin.removeprefix("answered ")}
    if begin.startswith("the answer has no "):
        return _("Its answer lacks %(name)s.") % {"name": begin.removeprefix("the answer has no ")}
    if begin in _REASONS:
        return f"{_REASONS[begin]}: {rest}" if colon else str(_REASONS[begin])
    return _mapping_named(reason, rest) or reason


def _mapping_named(reason: str, rest: str) -> str:
    """Return what is wrong with a mapping in the reader's words, nothing for other reasons."""
    if file := _FILE.match(reason):
        told = {"file": file["file"]}
        return _("The mapping of this partner (%(file)s) cannot be read.") % told
    for pattern, sentence in _MAPPING:
        if found := pattern.fullmatch(rest):
            return str(sentence) % {
                name: _said(name, text) for name, text in found.groupdict().items()
            }
    return ""


def _said(name: str, text: str) -> str:
    if name == "status":
        return next((str(word) for status, word in STATUSES if status == int(text)), text)
    if name == "day":
        with suppress(ValueError):
            return f"{date.fromisoformat(text):%d/%m/%Y}"
    return text
