"""Texts of registers and of people are compared alike, in SQL and in plain Python."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from django.db.models import CharField, Value
from django.db.models.functions import Cast

from procedures.definition.conditions import Leaf
from procedures.definition.stated import answer_stated, compare
from procedures.detection.conditions.asking import compared
from procedures.enums import Answer
from procedures.models import Procedure

TEXTS = (
    *("", " ", "6", "-6", "6.5", "6.", ".5", "06", "1e3", "NaN", "Infinity", "1_000", "٣"),
    *("2026-07-01", "2026-07-01T08:00:00", "2026-07-1", "01/07/2026", "26-07-01", "true", "Có"),
    *("6\n", "6;--", "%s", "'; SELECT 1", "1" * 13, "-0", "5.1234567", "2026-07-01\nx"),
)
COMPARISONS: tuple[dict[str, Any], ...] = (
    *({"equals": text} for text in ("6", "", "Có", "%s", "'; SELECT 1")),
    *({"in": list(some)} for some in (("6", "7"), ("true",), ("Có", "2026-07-01"))),
    *({name: limit} for name in ("min", "max") for limit in (6, -6, 6.5, 0, 10**9)),
    *({name: "2026-07-01"} for name in ("before", "after")),
)


@pytest.mark.django_db
def test_the_database_compares_as_python_does() -> None:
    random = Random(5)  # noqa: S311 - reproducible, no secret
    Procedure.objects.create(key="row", code="row")
    cases = [(text, one) for text in TEXTS for one in COMPARISONS]
    cases += [
        (random.choice(TEXTS), random.choice(COMPARISONS) | random.choice(COMPARISONS))
        for _ in range(200)
    ]
    for first in range(0, len(cases), 200):
        some = cases[first : first + 200]
        columns = {
            f"c{at}": compared(Cast(Value(text), CharField()), params)
            for at, (text, params) in enumerate(some)
        }

        values = Procedure.objects.filter(key="row").annotate(**columns).values_list(*columns).get()

        told = [(*case, value) for case, value in zip(some, values, strict=True)]
        assert told == [(text, params, compare(text, params)) for text, params in some]


@pytest.mark.parametrize("wild", ["NaN", "sNaN", "Infinity", "1e999", "\x00", "9" * 5000])
def test_nothing_that_a_person_states_breaks_the_answer(wild: str) -> None:
    asked = Leaf("stated", {"field": "floors", "max": 6})

    told = answer_stated(asked, {"floors": wild})

    assert told.answer == Answer.LIKELY
    assert [reason.leaf for reason in told.in_the_way] == [asked]
