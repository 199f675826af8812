"""Dossiers of the demo: real steps, in the past, in several states."""

from __future__ import annotations

from datetime import date

import pytest

from citizens.selectors import working_calendar
from dossiers.enums import Status
from dossiers.models import Dossier, DossierEvent
from portal.demo.generating import generate

ON = date(2026, 11, 22)


@pytest.mark.django_db
@pytest.mark.slow
def test_dossiers_stand_in_several_states_and_none_is_filed_on_a_day_off() -> None:
    generate(citizens=400, seed=1, on=ON, progress=lambda _what, _count: None)

    dossiers = Dossier.objects.all()
    statuses = set(dossiers.values_list("status", flat=True))
    days = [moment.date() for moment in dossiers.values_list("submitted_at", flat=True)]

    assert dossiers.count() >= 15
    assert {Status.REGISTERED, Status.RECEIVED, Status.PROCESSING, Status.DONE} <= statuses
    assert all(working_calendar().is_working(day) and day < ON for day in days)
    assert DossierEvent.objects.filter(happened_at__date__gt=ON).count() == 0
    assert dossiers.filter(due_on__lt=ON, status=Status.PROCESSING).exists()
