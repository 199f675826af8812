"""Dossiers by what people say of a code: a part of it, its last digits, a day and a number.

A code is ``H17.01-20261127-0000003`` (agency, day, number of that day). Every form is a condition
that the index of parts of a code answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db.models import Q

_LONGEST = 40
_FEWEST = 3  # digits by which a part of a code can be found; fewer are the whole number
_NUMBER = re.compile(r"\d{1,7}", re.ASCII)
_SHORT = re.compile(r"(?P<head>.*\w)[\s./–-]+(?P<number>\d{1,7})", re.ASCII)
_DAY = re.compile(r"(?P<day>\d\d?)[./-](?P<month>\d\d?)(?:[./-](?P<year>\d{4}))?", re.ASCII)
_RUN = re.compile(r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4})?", re.ASCII)


def by_code(typed: str) -> Q:
    """Return the condition of the dossiers whose code may be meant; it fits nothing for nothing.

    Understood are a part of the code; one or two digits as the number of a day; and a head with a
    number: a day of the month (``27-3``), a day (``27/11-3``, ``27/11/2026-3``), the end of the
    agency's code (``01-3``, ``H17.01-3``).
    """
    text = " ".join(typed.upper().split())[:_LONGEST]
    if not text:
        return Q(pk__in=[])
    if _NUMBER.fullmatch(text) and len(text) < _FEWEST:
        return Q(code__iendswith=_ending(text))
    found = Q(code__icontains=text)
    if short := _SHORT.fullmatch(text):
        for one in _of_short(short["head"], _ending(short["number"])):
            found |= one
    return found


def _ending(number: str) -> str:
    return f"-{int(number):07d}"


def _of_short(head: str, ending: str) -> Iterator[Q]:
    """Yield what a head before a number may mean."""
    is_day = _DAY.fullmatch(head) or _RUN.fullmatch(head)
    if is_day:
        told = is_day.groupdict()
        day = f"{told['year'] or ''}{told['month']:0>2}{told['day']:0>2}"
        yield Q(code__iendswith=f"{day}{ending}")
    yield Q(code__iendswith=f"{head:0>2}{ending}")
    yield Q(code__icontains=f"{head}-20") & Q(code__iendswith=ending)
