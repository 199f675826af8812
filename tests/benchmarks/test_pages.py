"""The benchmark of pages, on what stands behind the front door of an empty portal."""

from __future__ import annotations

from collections import Counter

import pytest
from django.test import Client

from benchmarks import page_times, pages
from benchmarks.measures import Report


@pytest.mark.django_db
def test_pages_are_those_behind_links() -> None:
    found = page_times.reached(Client(), "/")

    assert found[0] == ("home", "/")
    assert {"procedures", "help", "track", "verify"} <= {name for name, _address in found}
    assert not any(address.startswith("/my/") for _name, address in found)  # those ask who it is
    assert max(Counter(name for name, _address in found).values()) <= 2


def test_the_slowest_page_is_told_first_against_the_bare_one() -> None:
    assert 0 < page_times.bare() < 1
    report = Report(lambda _text: None)

    pages.tell(report, 0.5, {"home": [4.0, 5.0], "matters": [30.0, 40.0]})

    told = [(one.name, one.value, one.note) for one in report.measures[2:]]
    assert told == [
        ("pages: matters, p95", 40.0, "half of the time 30.0 ms; 80 × the bare page"),
        ("pages: home, p95", 5.0, "half of the time 4.0 ms; 10 × the bare page"),
    ]
