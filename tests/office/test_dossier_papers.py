"""Papers at the desk: who opens a file, what may be asked for, digital before the work begins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from citizens.enums import Role
from citizens.models import AccessLog, User
from dossiers.enums import Action, ScanVerdict, Status
from dossiers.models import Document, Dossier, SupplementRequest
from dossiers.selectors.papers import digitised_share, missing_papers
from dossiers.services import advance
from dossiers.services.demand_papers import check_components, check_digitised
from portal.common.errors import RefusedError
from tests.dossiers.hostile_files import JPEG, PDF
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.factories.citizens import AgencyFactory, UnitFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.papers import a_document

CHECK_UP = "GPLX-02"

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)
    with time_machine.travel(FRIDAY, tick=True):
        yield renewal()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def with_file(scene: Scene, **changes: Any) -> tuple[Dossier, Document]:
    dossier = scene.submit()
    document = a_document(scene.citizen.party, PDF, **changes)
    dossier.papers.filter(component_code=CHECK_UP).update(document=document)
    return dossier, document


def opened(client: Client, document: Document) -> Any:
    return client.get(reverse("admin:office_document", args=[document.public_id]))


def ask(scene: Scene, dossier: Dossier, user: User, *codes: str) -> Dossier:
    return advance(
        dossier=dossier,
        action=Action.REQUEST_SUPPLEMENT,
        user=user,
        version=dossier.version,
        note="Thiếu",
        components=codes,
        now=FRIDAY,
    )


class TestFiles:
    def test_an_official_of_the_unit_opens_it_and_the_look_is_logged(self, scene: Scene) -> None:
        dossier, document = with_file(scene)
        officer = scene.officer(Role.CASE_OFFICER)

        answer = opened(signed_in(officer), document)

        assert answer.content == PDF
        assert answer["Content-Disposition"].startswith("attachment")
        look = AccessLog.objects.order_by("-pk").first()
        assert look is not None
        assert (look.page, look.reference) == ("admin:office_document", dossier.code)
        assert look.subject_ids == [scene.citizen.pk]

    def test_an_official_of_another_place_finds_nothing(self, scene: Scene) -> None:
        _dossier, document = with_file(scene)
        elsewhere = UnitFactory(province=True)
        scene.agency = AgencyFactory(kind=scene.agency.kind, unit=elsewhere)
        stranger = scene.officer(Role.CASE_OFFICER, unit=elsewhere)

        assert opened(signed_in(stranger), document).status_code == 404

    def test_a_file_of_no_dossier_is_not_for_officials(self, scene: Scene) -> None:
        scene.submit()
        private = a_document(scene.citizen.party, PDF)

        assert opened(signed_in(scene.officer(Role.CASE_OFFICER)), private).status_code == 404

    @pytest.mark.parametrize("state", [ScanVerdict.PENDING, ScanVerdict.INFECTED])
    def test_what_is_not_found_harmless_is_closed(self, state: ScanVerdict, scene: Scene) -> None:
        _dossier, document = with_file(scene, scan_state=state)

        assert opened(signed_in(scene.officer(Role.CASE_OFFICER)), document).status_code == 404


class TestDemands:
    @pytest.mark.parametrize(
        "codes",
        [(), ("HN-01",), (CHECK_UP, "HN-01"), ("",), ("gplx-02",), ("Sổ hộ khẩu",)],
        ids=["none", "of another", "one of two", "empty", "other case", "free words"],
    )
    def test_what_the_version_does_not_list_cannot_be_asked_for(
        self, codes: tuple[str, ...], scene: Scene
    ) -> None:
        dossier = scene.submit()

        with pytest.raises(RefusedError):
            ask(scene, dossier, scene.officer(Role.RECEPTIONIST), *codes)

        dossier.refresh_from_db()
        assert dossier.status == Status.REGISTERED
        assert not SupplementRequest.objects.exists()

    def test_the_page_offers_the_listed_papers_and_keeps_the_demand(self, scene: Scene) -> None:
        dossier = scene.submit()
        client = signed_in(scene.officer(Role.RECEPTIONIST))
        page = client.get(reverse("admin:office_dossier", args=[dossier.public_id]))
        assert 'name="components" value="GPLX-02"' in page.content.decode()

        client.post(
            reverse("admin:office_dossier_step", args=[dossier.public_id]),
            {
                "press": "request_supplement",
                "version": dossier.version,
                "note": "Ảnh mờ",
                "components": [CHECK_UP, "GPLX-03"],
            },
        )

        demand = SupplementRequest.objects.get()
        assert (demand.components, demand.note) == ([CHECK_UP, "GPLX-03"], "Ảnh mờ")
        asked = dossier.papers.exclude(asked_at=None).values_list("component_code", flat=True)
        assert set(asked) == {CHECK_UP, "GPLX-03"}

    def test_a_procedure_says_how_often(self) -> None:
        dossier = DossierFactory(procedure_key="construction_permit_house", received=True)
        check_components(dossier=dossier, components=["GPXD-03"])
        SupplementRequest.objects.create(
            dossier=dossier, components=["GPXD-03"], note="a", asked_at=FRIDAY, answered_at=FRIDAY
        )

        with pytest.raises(RefusedError, match="1"):
            check_components(dossier=dossier, components=["GPXD-03"])


class TestDigitalFirst:
    def scan(self, client: Client, dossier: Dossier, code: str = CHECK_UP, **sent: Any) -> Any:
        address = reverse("admin:office_digitise", args=[dossier.public_id])
        sent.setdefault("file", SimpleUploadedFile("quet.jpg", JPEG))
        return client.post(address, {"component": code, **sent})

    def test_no_work_begins_on_what_is_on_paper_only(self, scene: Scene) -> None:
        officer = scene.officer(Role.CASE_OFFICER)
        dossier = step(scene.submit(), Action.RECEIVE, officer)
        client = signed_in(officer)
        address = reverse("admin:office_dossier_step", args=[dossier.public_id])
        begin = {"press": "start_processing", "version": dossier.version}

        client.post(address, begin)
        dossier.refresh_from_db()
        assert dossier.status == Status.RECEIVED

        self.scan(client, dossier)
        client.post(address, begin)

        dossier.refresh_from_db()
        assert dossier.status == Status.PROCESSING
        paper = dossier.papers.get(component_code=CHECK_UP)
        assert paper.digitised_by == officer.official
        assert paper.document is not None
        assert paper.document.owner == scene.citizen.party
        assert digitised_share(Dossier.objects.all()) == (1, 1)

    def test_what_a_register_answered_for_and_is_asked_for_all_the_same_has_a_place(
        self, scene: Scene
    ) -> None:
        dossier = scene.submit()
        officer = scene.officer(Role.CASE_OFFICER)
        dossier = step(dossier, Action.RECEIVE, officer)
        dossier.papers.filter(component_code=CHECK_UP).update(satisfied_by="KSK")
        assert not missing_papers(dossier=dossier)

        dossier = ask(scene, dossier, officer, CHECK_UP, "GPLX-01")

        assert [paper.component_code for paper in missing_papers(dossier=dossier)] == [CHECK_UP]
        shown = signed_in(officer).get(reverse("admin:office_dossier", args=[dossier.public_id]))
        line = next(one for one in shown.context["papers"] if one.code == CHECK_UP)
        assert (line.is_there, line.is_asked) == (False, True)

    def test_a_file_that_waits_for_the_scanner_is_not_there_yet(self, scene: Scene) -> None:
        dossier, document = with_file(scene, scan_state=ScanVerdict.PENDING)
        officer = scene.officer(Role.CASE_OFFICER)
        dossier = step(dossier, Action.RECEIVE, officer)
        assert [paper.document for paper in missing_papers(dossier=dossier)] == [document]
        with pytest.raises(RefusedError):
            check_digitised(dossier=dossier)
        Document.objects.filter(pk=document.pk).update(scan_state=ScanVerdict.CLEAN)

        assert step(dossier, Action.START_PROCESSING, officer).status == Status.PROCESSING

    @pytest.mark.parametrize(
        ("code", "data"), [("HN-01", JPEG), ("", JPEG), (CHECK_UP, b"MZ"), (CHECK_UP, b"")]
    )
    def test_what_is_wrong_is_not_kept(self, code: str, data: bytes, scene: Scene) -> None:
        dossier = scene.submit()
        client = signed_in(scene.officer(Role.RECEPTIONIST))

        self.scan(client, dossier, code, file=SimpleUploadedFile("a.jpg", data))

        assert not Document.objects.exists()

    def test_a_leader_does_not_digitise(self, scene: Scene) -> None:
        dossier = scene.submit()

        answer = self.scan(signed_in(scene.officer(Role.PROVINCIAL_LEADER)), dossier)

        assert answer.status_code == 403


@pytest.mark.parametrize("has_token", [True, False])
def test_a_browsers_press_with_a_file_checks_its_own_token(has_token: bool, scene: Scene) -> None:
    """The handler that keeps files off the disk has to be set before anybody reads the body."""
    dossier = scene.submit()
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(scene.officer(Role.CASE_OFFICER))
    browser.get(reverse("admin:office_dossier", args=[dossier.public_id]))
    token = browser.cookies["csrftoken"].value if has_token else ""

    answer = browser.post(
        reverse("admin:office_digitise", args=[dossier.public_id]),
        {
            "csrfmiddlewaretoken": token,
            "component": CHECK_UP,
            "file": SimpleUploadedFile("a.jpg", JPEG),
        },
    )

    assert answer.status_code == (302 if has_token else 403)
    assert Document.objects.count() == int(has_token)
