"""Who follows a dossier when one of a family has died."""

from __future__ import annotations

from dataclasses import replace

import pytest
import time_machine

from citizens.models import Citizen
from dossiers.selectors import dossiers_of
from tests.dossiers.bundle_scene import BIRTH, FRIDAY, TODAY, birth, child

pytestmark = pytest.mark.django_db


@time_machine.travel(FRIDAY, tick=False)
def test_a_father_follows_what_he_filed_when_the_mother_has_died() -> None:
    scene = birth()
    mother, father = scene.citizen, scene.other
    case = replace(scene, citizen=father, other=mother).file(phone="0905 123 456")
    filed = child(case, BIRTH)
    assert filed.owner == mother.party

    Citizen.objects.filter(pk=mother.pk).update(died_on=TODAY)

    assert filed in dossiers_of(citizen=father)
    assert filed not in dossiers_of(citizen=mother)
