"""A birth's dossier is its parents', but what is said of it names the child."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from citizens.enums import Role
from dossiers.documents.facts import facts_of
from dossiers.documents.facts.frame import Paper
from dossiers.documents.slip import slip_of
from dossiers.enums import Action, FormKind
from dossiers.models import Dossier
from dossiers.services import advance
from tests.dossiers.bundle_scene import BIRTH, FRIDAY, RESIDENCE, Case, birth, child, decide
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def scene() -> Any:
    """A birth, filed on a Friday."""
    with time_machine.travel(FRIDAY, tick=False):
        yield birth()


@pytest.fixture
def dossier(scene: Case) -> Dossier:
    """Its first dossier, received."""
    filed = child(scene.file(), BIRTH)
    return decide(scene, filed, Action.RECEIVE)


def test_receipt_slip_and_letters_are_for_the_child(dossier: Dossier) -> None:
    event = dossier.events.latest("pk")
    for kind in (FormKind.RECEIPT, FormKind.SUPPLEMENT, FormKind.REFUSAL, FormKind.STOP):
        assert facts_of(Paper(dossier, kind, event, "C" * 20))["owner"] == "trẻ Lê An"
    slip = slip_of(dossier)
    assert slip is not None
    assert slip.owner == "trẻ Lê An"


def test_the_desk_names_the_child(dossier: Dossier) -> None:
    official = OfficialFactory(agency=dossier.competent)
    GrantFactory(official=official, unit=dossier.competent.unit, role=Role.CASE_OFFICER)

    page = signed_in(official.user).get(reverse("admin:office_dossier", args=[dossier.public_id]))

    assert "Cho trẻ Lê An" in page.content.decode()


def test_what_the_child_owns_itself_names_it_as_any_owner(scene: Case, dossier: Dossier) -> None:
    advance(
        dossier=dossier,
        action=Action.START_PROCESSING,
        user=scene.officer(dossier),
        version=Dossier.objects.get(pk=dossier.pk).version,
        now=FRIDAY,
    )
    decide(scene, dossier, Action.APPROVE)
    assert dossier.bundle_case is not None
    residence = decide(scene, child(dossier.bundle_case, RESIDENCE), Action.RECEIVE)

    said = facts_of(Paper(residence, FormKind.RECEIPT, residence.events.latest("pk"), "C" * 20))

    assert said["owner"] == "Lê An"
