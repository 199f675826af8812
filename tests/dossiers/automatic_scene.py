"""A licence renewal that its version decides by itself: free, every paper met by a register."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from citizens.models import User
from dossiers.models import ModeSwitch
from procedures.models import ProcedureVersion
from tests.dossiers.scene import FRIDAY, Scene, renewal
from tests.factories.citizens import RegisterRecordFactory, UserFactory
from tests.factories.procedures import ProcedureVersionFactory

AUTOMATIC = {"max_age_days": 60, "sample_percent": 20, "sample_percent_min": 5}
FRESH = date(2026, 11, 1)


def automatic_scene(*, is_on: bool = True, as_of: date = FRESH, **changes: Any) -> Scene:
    """Return the scene of a renewal whose version decides by itself; facts are as of `as_of`."""
    scene = renewal()
    for fact in (scene.citizen, scene.licence):
        fact.as_of = as_of
        fact.save(update_fields=["as_of"])
    RegisterRecordFactory(
        subject=scene.citizen.party,
        register_id="HEALTH",
        kind="driver_check",
        body={"number": "KSK-1", "date": "2026-10-20"},
        as_of=as_of,
    )
    version = version_with(scene, fees=[{"amount_vnd": 0, "channel": "any"}], **changes)
    if is_on:
        switch_on(version)
    return replace(scene, version=version)


def version_with(scene: Scene, **changes: Any) -> ProcedureVersion:
    """Return a released version of the procedure that says the same but for `changes`."""
    definition = {**scene.version.definition, "automatic": AUTOMATIC, **changes}
    ProcedureVersion.objects.filter(pk=scene.version.pk).update(valid="empty")
    return ProcedureVersionFactory(
        procedure=scene.version.procedure,
        number=scene.version.number + 1,
        definition=definition,
    )


def switch_on(version: ProcedureVersion, *, is_on: bool = True, by: User | None = None) -> None:
    """Switch the procedure's automatic decisions on or off."""
    ModeSwitch.objects.create(
        procedure=version.procedure,
        is_on=is_on,
        reason="Thử nghiệm",
        official=by or UserFactory(of_official=True),
        happened_at=FRIDAY,
    )
