"""The slip of a received dossier: what the office promised, signed."""

from __future__ import annotations

from dossiers.documents.slip import slip_of
from dossiers.enums import Action, Actor
from dossiers.models import Dossier
from dossiers.services import advance
from notifications.services import genuine_notice
from portal.common import clock
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.web.scene import TODAY, Scene, stranger


def filed(scene: Scene) -> Dossier:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    return scene.lan.dossiers.get()


def received(scene: Scene) -> Dossier:
    dossier = filed(scene)
    official = OfficialFactory(agency=scene.office)
    GrantFactory(official=official, role="case_officer", unit=scene.city)
    advance(
        dossier=dossier,
        action=Action.RECEIVE,
        user=official.user,
        actor_role=Actor.CASE_OFFICER,
        version=dossier.version,
        now=clock.now(),
    )
    return Dossier.objects.get(pk=dossier.pk)


def test_there_is_none_before_an_office_received_it(scene: Scene) -> None:
    dossier = filed(scene)
    page = f"/my/dossiers/{dossier.public_id}/"

    assert scene.client.get(f"{page}slip/").status_code == 404
    assert "slip/" not in scene.client.get(page).content.decode()


def test_it_says_what_was_promised(scene: Scene) -> None:
    dossier = received(scene)
    page = f"/my/dossiers/{dossier.public_id}/"

    html = scene.client.get(f"{page}slip/").content.decode()

    assert dossier.due_on is not None
    assert "nhập mã" not in html  # whether there is such a dossier is told to nobody who guesses
    for shown in (dossier.code, scene.lan.full_name, f"{dossier.due_on:%d/%m/%Y}", "Phòng CSGT"):
        assert shown in html
    assert f"{page}slip/" in scene.client.get(page).content.decode()


def test_its_qr_is_signed_and_names_nobody(scene: Scene) -> None:
    dossier = received(scene)

    slip = slip_of(dossier)

    assert slip is not None
    notice = genuine_notice(slip.signed.address)
    assert notice is not None
    assert (notice.code, notice.agency, notice.day) == (dossier.code, slip.sender.code, TODAY)
    html = scene.client.get(slip.signed.address.removeprefix("http://testserver")).content.decode()
    assert dossier.code in html


def test_those_of_others_do_not_exist(scene: Scene) -> None:
    dossier = received(scene)
    _citizen, client = stranger()

    assert client.get(f"/my/dossiers/{dossier.public_id}/slip/").status_code == 404
