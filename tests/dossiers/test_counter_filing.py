"""A dossier filed at a counter says so: channel, office, official; nobody serves their family."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from citizens.enums import RelationKind, Role
from citizens.models import Citizen, User
from dossiers.enums import Action, Actor, Origin
from dossiers.models import Dossier
from dossiers.services import submit_dossier
from portal.common.errors import RefusedError
from procedures.enums import FilingChannel
from tests.dossiers.scene import ANSWERS, FRIDAY, Scene, renewal, step
from tests.factories.citizens import AgencyFactory, CitizenFactory, RelationFactory

CONFIRMED = "Người nộp đã xem và xác nhận tại quầy."


def file_at_counter(scene: Scene, official: User) -> Dossier:
    return submit_dossier(
        applicant=scene.citizen,
        suggestion=scene.suggestion,
        version=scene.version,
        answers=ANSWERS,
        now=FRIDAY,
        channel=FilingChannel.DIRECT,
        helped_at=official.official.agency,
        received_at=official.official.agency,
        origin=Origin.OFFICIAL,
        official=official,
        note=CONFIRMED,
    )


@pytest.mark.django_db
def test_a_dossier_filed_at_a_counter_names_channel_office_and_official() -> None:
    scene = renewal()
    official = scene.officer(Role.RECEPTIONIST)

    dossier = file_at_counter(scene, official)

    assert (dossier.channel, dossier.origin) == (FilingChannel.DIRECT, Origin.OFFICIAL)
    assert (dossier.helped_at, dossier.received_at) == (scene.agency, scene.agency)
    event = dossier.events.get()
    assert (event.action, event.actor_role) == (Action.SUBMIT, Actor.CITIZEN)
    assert (event.official, event.citizen, event.note) == (official, scene.citizen, CONFIRMED)


@pytest.mark.django_db
def test_the_fee_is_that_of_the_channel() -> None:
    scene = renewal()
    scene.version.definition["fees"] = [
        {"amount_vnd": 1000, "channel": "online"},
        {"amount_vnd": 2000, "channel": "direct"},
    ]

    dossier = file_at_counter(scene, scene.officer(Role.RECEPTIONIST))

    assert dossier.fee_vnd == 2000


@pytest.mark.django_db
def test_the_office_where_it_was_received_stays_when_another_one_decides() -> None:
    scene = renewal()
    elsewhere = AgencyFactory(kind__key="ubnd_xa", unit=scene.commune)
    official = scene.officer(Role.RECEPTIONIST)
    official.official.agency = elsewhere

    dossier = step(file_at_counter(scene, official), Action.RECEIVE, official)

    assert (dossier.received_at, dossier.competent) == (elsewhere, scene.agency)


def himself(scene: Scene) -> Citizen:
    return scene.citizen


def wife(scene: Scene) -> Citizen:
    spouse: Citizen = CitizenFactory(unit=scene.commune)
    RelationFactory(person=spouse, relative=scene.citizen, kind=RelationKind.SPOUSE)
    return spouse


@pytest.mark.django_db
@pytest.mark.parametrize("who", [himself, wife])
def test_no_official_serves_self_or_family_at_the_counter(
    who: Callable[[Scene], Citizen],
) -> None:
    scene = renewal()
    person = who(scene)
    official = scene.officer(Role.RECEPTIONIST)
    official.official.self_pin_index = person.pin_index
    official.official.save()

    with pytest.raises(RefusedError):
        file_at_counter(scene, official)

    assert not Dossier.objects.exists()
