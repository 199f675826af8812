"""A person's files on their pages: laid ready, handed in, kept, and nobody else's (F32, F33)."""

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
from dossiers.documents.store import folder
from dossiers.enums import Action, DocumentOrigin, ScanVerdict, Status
from dossiers.models import Document, DossierPaper, PreparedPaper
from dossiers.selectors.papers import laid_ready
from dossiers.services.hand_in_papers import lay_ready
from portal.common.row_security import only_rows_of
from tests.dossiers.hostile_files import JPEG, PDF
from tests.dossiers.scene import FRIDAY, Scene, bring_papers, renewal, step
from tests.factories.citizens import (
    AuthorityFactory,
    CitizenFactory,
    OfficialFactory,
    UserFactory,
)
from tests.factories.papers import a_document

CHECK_UP = "GPLX-02"

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)
    with time_machine.travel(FRIDAY, tick=True):
        yield renewal()


@pytest.fixture
def page(scene: Scene) -> Client:
    return signed_in(scene.user)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def lay(page: Client, scene: Scene, code: str = CHECK_UP, **sent: Any) -> Any:
    address = reverse("web:paper_slot", args=[scene.citizen.party.public_id, code])
    back = reverse("web:suggestion", args=[scene.suggestion.public_id])
    return page.post(address, {"back": back, **sent}, follow=True)


def a_file(data: bytes = JPEG, name: str = "Giấy khám.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type="text/html")


def address_of(document: Document) -> str:
    return reverse("web:paper_file", args=[document.public_id])


class TestLaidReady:
    def test_a_photo_is_sent_and_filed_with_the_dossier(self, page: Client, scene: Scene) -> None:
        said = lay(page, scene, file=a_file()).content.decode()
        assert "Giấy khám.jpg" in said

        dossier = scene.submit()

        paper = dossier.papers.get(component_code=CHECK_UP)
        assert paper.document == Document.objects.get()
        assert paper.digitised_at == FRIDAY
        assert not PreparedPaper.objects.exists()

    def test_what_is_kept_is_used_again_with_one_press(self, page: Client, scene: Scene) -> None:
        kept = a_document(scene.citizen.party, given_name="kham-2026.pdf", component_code=CHECK_UP)
        shown = page.get(reverse("web:suggestion", args=[scene.suggestion.public_id]))
        assert "kham-2026.pdf" in shown.content.decode()

        lay(page, scene, document=str(kept.public_id))

        assert scene.submit().papers.get(component_code=CHECK_UP).document == kept

    def test_what_was_sent_as_another_paper_is_not_offered_for_this_one(
        self, page: Client, scene: Scene
    ) -> None:
        a_document(scene.citizen.party, given_name="anh-the.jpg", component_code="CC-09")
        title = "Giấy phép lái xe cũ"
        a_document(scene.citizen.party, b"2", origin=DocumentOrigin.RESULT, title_vi=title)

        answer = page.get(reverse("web:suggestion", args=[scene.suggestion.public_id]))

        offered = [one.label for slot in answer.context["slots"] for one in slot.choices]
        assert any(title in label for label in offered)
        assert not any("anh-the.jpg" in label for label in offered)

    def test_another_is_chosen_before_filing(self, page: Client, scene: Scene) -> None:
        lay(page, scene, file=a_file())
        lay(page, scene, take_away="1")
        assert not PreparedPaper.objects.exists()

        lay(page, scene, file=a_file(PDF, "2.pdf"))

        assert PreparedPaper.objects.get().document.given_name == "2.pdf"
        assert Document.objects.count() == 2

    def test_who_files_for_another_sees_what_was_laid_ready(self, scene: Scene) -> None:
        """A father sends a file for the matter of a birth, whose owner is the mother."""
        father, mother = CitizenFactory(), scene.citizen
        chosen = a_document(mother.party, given_name="cho-o.pdf")
        lay_ready(
            applicant=father, owner=mother.party, component_code="TT-02", document=chosen,
            now=FRIDAY,
        )  # fmt: skip

        with only_rows_of(person=father.pk, parties=[father.pk], family=[father.pk]):
            seen = laid_ready(applicant=father, owner=mother.party)
            names = [row.document.given_name for row in seen.values()]

        assert names == ["cho-o.pdf"]

    def test_a_file_that_was_taken_is_said_and_stands_in_sight(
        self, page: Client, scene: Scene
    ) -> None:
        said = lay(page, scene, "GPLX-03", file=a_file()).content.decode()

        assert "Đã nhận tệp Giấy khám.jpg" in said
        assert said.index("Giấy khám.jpg</span>") < said.index("Chỉ trong một số trường hợp")

    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"MZ", "a.exe"),
            (b"", "a.jpg"),
            (b"<html>", "a.html"),
            (JPEG + bytes(10_000_000), "a.jpg"),
        ],
        ids=["program", "empty", "page", "too large"],
    )
    def test_what_is_refused_is_said_and_not_kept(
        self, data: bytes, name: str, page: Client, scene: Scene
    ) -> None:
        answer = lay(page, scene, file=a_file(data, name))

        assert answer.status_code == 200
        assert "tệp" in answer.content.decode().lower()
        assert not Document.objects.exists()
        assert list(folder().iterdir()) == []

    def test_somebody_elses_file_cannot_be_chosen(self, page: Client, scene: Scene) -> None:
        other = a_document(CitizenFactory().party)

        lay(page, scene, document=str(other.public_id))

        assert not PreparedPaper.objects.exists()

    def test_for_a_stranger_nothing_can_be_laid(self, page: Client) -> None:
        stranger = CitizenFactory().party

        answer = page.post(
            reverse("web:paper_slot", args=[stranger.public_id, CHECK_UP]), {"file": a_file()}
        )

        assert answer.status_code == 404
        assert not Document.objects.exists()

    @pytest.mark.parametrize(
        "back", ["https://thu.example/", "//thu.example/", "/\\thu.example", "javascript:alert(1)"]
    )
    def test_the_way_back_is_ours(self, back: str, page: Client, scene: Scene) -> None:
        address = reverse("web:paper_slot", args=[scene.citizen.party.public_id, CHECK_UP])

        answer = page.post(address, {"back": back, "take_away": "1"})

        assert answer["Location"] == reverse("web:repository")

    def test_a_form_without_its_token_is_refused(self, scene: Scene) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(scene.user)
        address = reverse("web:paper_slot", args=[scene.citizen.party.public_id, CHECK_UP])

        assert strict.post(address, {"file": a_file()}).status_code == 403
        assert not Document.objects.exists()


class TestServing:
    def test_a_file_comes_as_a_closed_attachment(self, page: Client, scene: Scene) -> None:
        document = a_document(scene.citizen.party, PDF, given_name="Giấy khám.pdf")

        answer = page.get(address_of(document))

        assert answer.content == PDF
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "no-store" in answer["Cache-Control"]

    @pytest.mark.parametrize(
        ("asked", "status", "part"),
        [
            ("bytes=0-3", 206, PDF[:4]),
            ("bytes=5-", 206, PDF[5:]),
            ("bytes=-6", 206, PDF[-6:]),
            ("bytes=0-99999999", 206, PDF),
            ("bytes=99999999-", 416, b""),
            ("bytes=3-2", 200, PDF),
            ("bytes=0-1,3-4", 200, PDF),
            ("lines=1-2", 200, PDF),
            ("bytes=-", 200, PDF),
        ],
    )
    def test_one_range_may_be_asked_for(
        self, asked: str, status: int, part: bytes, page: Client, scene: Scene
    ) -> None:
        document = a_document(scene.citizen.party, PDF)

        answer = page.get(address_of(document), headers={"Range": asked})

        assert (answer.status_code, answer.content) == (status, part)

    @pytest.mark.parametrize("state", [ScanVerdict.PENDING, ScanVerdict.INFECTED])
    def test_what_is_not_found_harmless_is_closed(
        self, state: ScanVerdict, page: Client, scene: Scene
    ) -> None:
        document = a_document(scene.citizen.party, PDF, scan_state=state)

        assert page.get(address_of(document)).status_code == 404
        assert page.get(reverse("web:repository")).status_code == 200

    def test_nobody_elses_file_exists(self, scene: Scene) -> None:
        document = a_document(scene.citizen.party, PDF)
        stranger = signed_in(UserFactory(citizen=CitizenFactory()))

        assert stranger.get(address_of(document)).status_code == 404
        assert Client().get(address_of(document)).status_code == 302
        remove = reverse("web:paper_remove", args=[document.public_id])
        assert stranger.post(remove).status_code == 404
        assert Document.objects.filter(removed_at=None).count() == 1


class TestRepository:
    def test_results_and_uploads_stand_in_it_with_their_source(
        self, page: Client, scene: Scene
    ) -> None:
        a_document(scene.citizen.party, b"1", title_vi="Giấy khám sức khỏe")
        a_document(
            scene.citizen.party,
            b"2",
            origin=DocumentOrigin.RESULT,
            title_vi="Giấy phép",
            number="12",
        )
        a_document(
            scene.citizen.party, b"3", title_vi="Khai sinh cũ", digitised_by=OfficialFactory()
        )
        a_document(CitizenFactory().party, b"4", title_vi="Của người khác")

        said = page.get(reverse("web:repository")).content.decode()

        for word in ("Giấy khám sức khỏe", "Giấy phép", "Khai sinh cũ"):
            assert word in said
        assert "Của người khác" not in said
        assert said.count("/remove/") == 1

    def test_the_paper_of_a_child_stands_under_the_childs_name(
        self, page: Client, scene: Scene
    ) -> None:
        child = CitizenFactory(full_name="Nguyễn Ngọc Ánh", birth_date=FRIDAY.date())
        AuthorityFactory(actor=scene.citizen, for_party=child.party)
        a_document(child.party, origin=DocumentOrigin.RESULT, title_vi="Giấy khai sinh")

        said = page.get(reverse("web:repository")).content.decode()

        assert "Nguyễn Ngọc Ánh" in said
        assert "citizen #" not in said

    def test_an_own_upload_is_removed_with_its_file(
        self, page: Client, scene: Scene, django_capture_on_commit_callbacks: Any
    ) -> None:
        document = a_document(scene.citizen.party, PDF)

        with django_capture_on_commit_callbacks(execute=True):
            page.post(reverse("web:paper_remove", args=[document.public_id]))

        assert not Document.objects.exists()
        assert list(folder().iterdir()) == []

    def test_what_a_dossier_holds_stays_with_it(self, page: Client, scene: Scene) -> None:
        lay(page, scene, file=a_file())
        dossier = scene.submit()
        document = Document.objects.get()

        page.post(reverse("web:paper_remove", args=[document.public_id]))

        document.refresh_from_db()
        assert document.removed_at is not None
        assert DossierPaper.objects.get(document=document).dossier == dossier
        assert "Giấy khám.jpg" not in page.get(reverse("web:repository")).content.decode()
        assert page.get(address_of(document)).status_code == 200


class TestFiled:
    def test_the_dossier_names_the_papers_that_were_filed_and_opens_them(
        self, page: Client, scene: Scene
    ) -> None:
        lay(page, scene, file=a_file())
        dossier = scene.submit()
        document = Document.objects.get()
        address = reverse("web:dossier", args=[dossier.public_id])

        said = page.get(address).content.decode()

        assert "Giấy tờ đã nộp" in said
        assert f'<a href="{address_of(document)}">Giấy khám.jpg</a>' in said
        assert dossier.papers.get(document=document).name_vi in said

    def test_a_file_that_waits_for_its_check_is_named_but_not_opened(
        self, page: Client, scene: Scene
    ) -> None:
        lay(page, scene, file=a_file())
        dossier = scene.submit()
        Document.objects.update(scan_state=ScanVerdict.PENDING)

        said = page.get(reverse("web:dossier", args=[dossier.public_id])).content.decode()

        assert "Giấy khám.jpg" in said
        assert address_of(Document.objects.get()) not in said


class TestAskedForLater:
    def test_what_is_asked_for_is_answered_with_one_press(self, page: Client, scene: Scene) -> None:
        dossier = scene.submit()
        dossier = step(
            dossier, Action.REQUEST_SUPPLEMENT, scene.officer(Role.RECEPTIONIST), note="Ảnh mờ"
        )
        address = reverse("web:dossier", args=[dossier.public_id])
        said = page.get(address).content.decode()
        assert "Ảnh mờ" in said
        assert "Đề nghị đổi giấy phép lái xe" in said
        hand_in = reverse("web:supplement", args=[dossier.public_id])

        # With nothing laid ready it is not taken
        page.post(hand_in, {"version": dossier.version})
        dossier.refresh_from_db()
        assert dossier.status == Status.SUPPLEMENT_REQUESTED

        bring_papers(dossier)
        page.post(hand_in, {"version": dossier.version})

        dossier.refresh_from_db()
        assert dossier.status == Status.RECEIVED
        assert dossier.supplement_requests.get().answered_at is not None
        assert dossier.papers.get(component_code="GPLX-01").document is not None
