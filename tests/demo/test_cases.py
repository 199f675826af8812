"""Values in doubt of the demo: several kinds, some overdue, one settled, all deterministic."""

from __future__ import annotations

from datetime import date

import pytest

from citizens.enums import DiscrepancyState, FactTable
from citizens.models import Citizen, Correction, Discrepancy, FactChange
from portal.demo.generating import generate

ON = date(2026, 11, 22)


@pytest.mark.django_db
@pytest.mark.slow
def test_cases_of_several_kinds_stand_and_one_is_settled_for_lan() -> None:
    generate(citizens=400, seed=1, on=ON, progress=lambda _what, _count: None)

    cases = Discrepancy.objects.all()
    lan = Citizen.objects.get(user__username="lan")
    settled = cases.get(state=DiscrepancyState.CORRECTED)

    assert {"name", "birth_date", "contested"} == set(cases.values_list("kind", flat=True))
    assert 8 <= cases.count() <= 20
    assert cases.open().filter(due_on__lt=ON).count() >= 2
    assert cases.open().filter(raised_by__username__in=("minh", "hoa", "tai")).count() == 3
    assert (settled.subject_id, settled.table) == (lan.pk, FactTable.CITIZEN)
    assert lan.current_address == Correction.objects.get().value
    assert FactChange.objects.filter(kind="discrepancy", object_id=settled.pk).exists()
    assert all(case.stated_value != case.held_value for case in cases)
