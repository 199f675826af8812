from __future__ import annotations

import pytest
from django.conf import settings

from benchmarks import protection
from benchmarks.measures import Report


@pytest.mark.django_db
def test_nobody_is_found_without_the_key_and_everybody_with_it() -> None:
    report = Report(print)

    protection.attack(report, numbers=5_000, held=50)

    values = {measure.name: measure.value for measure in report.measures}
    assert values.pop("the same with INDEX_KEY") == 50
    assert set(values.values()) == {0}
    assert len(values) >= 6
    assert {measure.verdict for measure in report.measures} == {"ok"}


@pytest.mark.django_db
def test_a_key_that_is_known_falls_short() -> None:
    stolen = protection._stolen(1_000, 10)
    known = protection._hmac(settings.INDEX_KEY.encode())

    assert protection.matches(stolen, known, 1_000) == 10
    assert protection.matches(stolen, known, 500) == 5
