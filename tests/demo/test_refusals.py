"""Where a demo population is refused: odd numbers, and anywhere near production."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from citizens.models import Citizen

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["0", "99", "1000001"])
def test_a_number_out_of_bounds_is_refused(number: str) -> None:
    with pytest.raises(CommandError):
        call_command("demo", f"--citizens={number}")

    assert not Citizen.objects.exists()


@override_settings(SETTINGS_MODULE="portal.settings.production")
def test_production_never_gets_made_up_people() -> None:
    with pytest.raises(CommandError, match=r"production|vận hành"):
        call_command("demo")

    assert not Citizen.objects.exists()


def test_the_mode_alone_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_MODE", "production")

    with pytest.raises(CommandError):
        call_command("demo")
