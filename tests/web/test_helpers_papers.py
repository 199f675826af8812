"""A helper sends papers for a person, and reads none of theirs: neither before nor afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from time_machine import TimeMachineFixture

from citizens.enums import AuthorityBasis, Role
from citizens.models import Authority, Citizen
from dossiers.enums import Action, FormKind, Status
from dossiers.models import Document, Dossier, PreparedPaper
from dossiers.services import submit_dossier
from dossiers.services.make_forms import make_forms
from portal.common import clock
from tests.dossiers.hostile_files import JPEG
from tests.dossiers.scene import FRIDAY, Scene, pay_fee, renewal, step
from tests.factories.citizens import AuthorityFactory, CitizenFactory, UserFactory
from tests.factories.papers import a_document

pytestmark = pytest.mark.django_db
KEY, CHECK_UP = "driving_licence_renewal", "GPLX-02"
ANSWERS = {"reason": "Sắp hết hạn", "delivery": "Trực tiếp", "phone": "0505 000 001"}


@pytest.fixture
def scene(time_machine: TimeMachineFixture, settings: Settings, tmp_path: Path) -> Scene:
    settings.MEDIA_ROOT = str(tmp_path)
    time_machine.move_to(FRIDAY, tick=False)
    scene = renewal()
    scene.suggestion.recipients.all().delete()
    return scene


@pytest.fixture
def helper(scene: Scene) -> Citizen:
    helper = CitizenFactory(full_name="Lê Văn Giúp")
    UserFactory(citizen=helper)
    AuthorityFactory(
        actor=helper,
        for_party=scene.citizen.party,
        basis=AuthorityBasis.HELPER,
        confirmed_at=FRIDAY,
    )
    return helper


def page(citizen: Citizen) -> Client:
    client = Client()
    client.force_login(citizen.user)
    return client


def filed(scene: Scene, helper: Citizen) -> Dossier:
    return submit_dossier(
        applicant=helper,
        owner=scene.citizen.party,
        suggestion=None,
        version=scene.version,
        answers=ANSWERS,
        now=FRIDAY,
    )


def lay(client: Client, scene: Scene, **sent: Any) -> int:
    address = reverse("web:paper_slot", args=[scene.citizen.party.public_id, CHECK_UP])
    return client.post(address, sent).status_code


def test_a_helper_sends_a_paper_and_is_shown_none_that_is_kept(
    scene: Scene, helper: Citizen
) -> None:
    kept = a_document(scene.citizen.party, given_name="so-ho-ngheo.pdf")
    form = f"{reverse('web:filing', args=[KEY])}?for={scene.citizen.party.public_id}&edit"
    client = page(helper)

    shown = client.get(form)
    assert shown.status_code == 200
    assert "so-ho-ngheo" not in shown.content.decode()
    assert lay(client, scene, document=str(kept.public_id)) == 302
    assert not PreparedPaper.objects.exists()
    assert lay(client, scene, file=SimpleUploadedFile("kham.jpg", JPEG)) == 302

    laid = PreparedPaper.objects.get()
    assert (laid.applicant, laid.document.owner) == (helper, scene.citizen.party)
    Authority.objects.update(revoked_at=FRIDAY)
    assert lay(client, scene, take_away="1") == 404


def test_what_comes_out_is_the_persons_and_a_helper_does_not_return_it_to_them(
    scene: Scene, helper: Citizen
) -> None:
    # Given a granted dossier that a helper filed
    user = scene.officer(Role.CASE_OFFICER, Role.HEAD_OF_UNIT)
    dossier = filed(scene, helper)
    for action in (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE):
        dossier = step(dossier, action, user)
    dossier = pay_fee(dossier)
    make_forms(now=clock.now())
    result = dossier.issued_forms.get(kind=FormKind.RESULT).document
    handed_in = dossier.papers.get(component_code=CHECK_UP).document
    assert handed_in is not None
    one = reverse("web:issued", args=[dossier.public_id, result.public_id])
    addresses = [
        one,
        *(reverse("web:paper_file", args=[each.public_id]) for each in (result, handed_in)),
    ]

    # When both open what there is
    client = page(helper)
    followed = client.get(reverse("web:dossier", args=[dossier.public_id]))
    by_helper = [client.get(address).status_code for address in addresses]
    dossier.refresh_from_db()
    before = dossier.status
    by_owner = [page(scene.citizen).get(address).status_code for address in addresses]
    dossier.refresh_from_db()

    # Then the helper follows the dossier and gets nothing of it; only its owner has the result
    assert followed.status_code == 200
    assert one not in followed.content.decode()
    assert not followed.context["out"].result_is_coming
    assert (by_helper, before) == ([404, 404, 404], Status.DONE)
    assert (by_owner, dossier.status) == ([200, 200, 200], Status.DONE)
    receive = reverse("web:receive", args=[dossier.public_id])
    assert client.post(receive).status_code == 404
    assert page(scene.citizen).post(receive).status_code == 302
    dossier.refresh_from_db()
    assert dossier.status == Status.RETURNED
    assert not Document.objects.filter(owner=helper.party).exists()


def test_the_person_hands_in_what_is_asked_of_a_dossier_that_a_helper_filed(
    scene: Scene, helper: Citizen
) -> None:
    user = scene.officer(Role.CASE_OFFICER)
    dossier = step(filed(scene, helper), Action.RECEIVE, user)
    dossier = step(dossier, Action.REQUEST_SUPPLEMENT, user, note="Thiếu giấy")
    code = dossier.supplement_requests.get().components[0]
    client = page(scene.citizen)

    client.post(
        reverse("web:paper_slot", args=[scene.citizen.party.public_id, code]),
        {"file": SimpleUploadedFile("kham.jpg", JPEG)},
    )
    shown = client.get(reverse("web:dossier", args=[dossier.public_id]))
    assert "kham.jpg" in shown.content.decode()
    client.post(
        reverse("web:supplement", args=[dossier.public_id]), {"version": str(dossier.version)}
    )

    dossier.refresh_from_db()
    assert dossier.status == Status.RECEIVED
    assert dossier.papers.get(component_code=code).document is not None
