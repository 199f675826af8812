"""On the page of a dossier stands the step that the work is in, and with whom it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from citizens.models import Citizen
from dossiers.models import Dossier, Stage
from portal.common import clock
from portal.web.presenters.stages import StageNow
from tests.factories.citizens import AgencyFactory, OfficialFactory
from tests.factories.dossiers import DossierFactory
from tests.web.scene import TODAY, Scene

pytestmark = pytest.mark.django_db


def stages(dossier: Dossier) -> None:
    """Write a step that is over, one that is open, and one to come."""
    office = AgencyFactory(unit=dossier.unit, name_vi="Phòng Cảnh sát giao thông")
    officer = OfficialFactory(agency=office, user__display_name="Lê Thu")
    now = clock.now()
    for position, (name, entered, left) in enumerate(
        [("Tiếp nhận", now - timedelta(days=2), now), ("Thẩm định", now, None), ("Ký", None, None)]
    ):
        Stage.objects.create(
            dossier=dossier,
            position=position,
            name_vi=name,
            agency=office,
            official=officer,
            entered_at=entered,
            left_at=left,
        )


def page(scene: Scene, owner: Citizen, *, is_begun: bool) -> StageNow | None:
    dossier = DossierFactory(owner_citizen=owner, competent=scene.office, processing=True)
    if is_begun:
        stages(dossier)
    told: StageNow | None = scene.client.get(f"/my/dossiers/{dossier.public_id}/").context["stage"]
    return told


def test_the_one_open_step_is_told(scene: Scene) -> None:
    told = page(scene, scene.lan, is_begun=True)

    assert told == StageNow("Thẩm định", "Phòng Cảnh sát giao thông", "Lê Thu", TODAY)


def test_a_dossier_without_steps_tells_none(scene: Scene) -> None:
    assert page(scene, scene.lan, is_begun=False) is None
