"""Files by API: laid ready for what is asked, found again in the repository, and nobody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from citizens.enums import Role
from dossiers.enums import Action, ScanVerdict, Status
from dossiers.models import Document, Dossier, PreparedPaper
from portal.api.openapi import handlers_of
from tests.api.test_citizens import API, CITIZEN_VIEWS, problem
from tests.api.test_writes import ANSWERS, about, post
from tests.dossiers.hostile_files import JPEG, PDF
from tests.dossiers.scene import step
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.web.scene import Scene, stranger


def put(client: Client, address: str, data: bytes = JPEG, kind: str = "image/jpeg") -> Any:
    return client.put(address, data, content_type=kind)


def choose(client: Client, address: str, document: str) -> Any:
    return put(client, address, json.dumps({"document": document}).encode(), "application/json")


@pytest.fixture
def slot(scene: Scene) -> str:
    """The address of the first paper that Mrs Lan's suggestion asks for."""
    papers = scene.client.get(about(scene, "papers")).json()["papers"]
    return about(scene, f"papers/{papers[0]['code']}")


def test_a_photo_is_laid_ready_and_filed(scene: Scene, slot: str) -> None:
    said = put(scene.client, f"{slot}?name=gi%E1%BA%A5y.jpg").json()

    code = slot.rpartition("/")[2]
    laid = next(one for one in said["papers"] if one["code"] == code)
    assert (laid["file"], laid["check"]) == ("giấy.jpg", ScanVerdict.STRUCTURE)
    assert said == scene.client.get(about(scene, "papers")).json()

    post(scene.client, about(scene, "accept"), ANSWERS)
    handed_in = Dossier.objects.get().papers.get(component_code=code)
    assert str(handed_in.document and handed_in.document.public_id) == laid["document"]
    assert not PreparedPaper.objects.exists()


def test_one_of_the_repository_is_chosen_and_taken_away(scene: Scene, slot: str) -> None:
    put(scene.client, slot, PDF, "application/pdf")
    (kept,) = scene.client.get(f"{API}/papers").json()["items"]
    assert scene.client.get(f"{API}/papers/{kept['id']}").json() == kept

    assert scene.client.delete(slot).status_code == 200
    assert not PreparedPaper.objects.exists()
    assert choose(scene.client, slot, kept["id"]).status_code == 200
    assert str(PreparedPaper.objects.get().document.public_id) == kept["id"]


def test_a_file_comes_back_as_it_was_kept(scene: Scene, slot: str) -> None:
    put(scene.client, slot, PDF, "application/pdf")
    document = Document.objects.get()
    address = f"{API}/papers/{document.public_id}/file"

    down = scene.client.get(address, headers={"Accept": "application/pdf"})
    assert (down.content, down["Content-Type"]) == (PDF, "application/pdf")
    assert down["Content-Disposition"].startswith("attachment")
    assert "no-store" in down["Cache-Control"]
    problem(stranger()[1].get(address), 404)

    Document.objects.update(scan_state=ScanVerdict.PENDING)
    problem(scene.client.get(address, headers={"Accept": "application/pdf"}), 404)


def test_a_file_is_removed_unless_it_is_the_states(scene: Scene, slot: str) -> None:
    put(scene.client, slot)
    address = f"{API}/papers/{Document.objects.get().public_id}"

    problem(stranger()[1].delete(address), 404)
    Document.objects.update(origin="result")
    problem(scene.client.delete(address), 422)
    Document.objects.update(origin="upload")
    assert scene.client.delete(address).json() == {}
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b"", "image/jpeg", 400),
        (b"<script>", "image/png", 422),
        (JPEG[: len(JPEG) // 2], "image/jpeg", 422),
        (JPEG, "text/html", 415),
        (JPEG, "application/json", 400),
        (b"{}", "application/json", 400),
        (b'{"document": "x"}', "application/json", 400),
        (b'{"owner": 1}', "application/json", 400),
    ],
)
def test_what_is_no_paper_is_refused(
    scene: Scene, slot: str, data: bytes, kind: str, status: int
) -> None:
    problem(put(scene.client, slot, data, kind), status)
    assert not Document.objects.exists()


def test_a_file_larger_than_a_paper_is_not_read(scene: Scene, slot: str) -> None:
    problem(put(scene.client, slot, JPEG + bytes(10_000_000)), 413)


def test_what_is_not_asked_for_is_not_there(scene: Scene) -> None:
    for code in ("GPLX-99", "x" * 300, "%00", "a b"):
        problem(put(scene.client, about(scene, f"papers/{code}")), 404)
        problem(scene.client.delete(about(scene, f"papers/{code}")), 404)
    assert not Document.objects.exists()


def test_nobody_lays_a_paper_for_others(scene: Scene, slot: str) -> None:
    _citizen, client = stranger()
    put(scene.client, slot)
    mine = str(Document.objects.get().public_id)

    problem(put(client, slot), 404)
    problem(client.delete(slot), 404)
    problem(client.get(f"{API}/papers/{mine}"), 404)
    assert client.get(f"{API}/papers").json()["items"] == []
    assert PreparedPaper.objects.get().applicant == scene.lan


def test_somebody_elses_file_is_not_chosen(scene: Scene, slot: str) -> None:
    foreign = Document.objects.create(
        owner=stranger()[0].party,
        origin="upload",
        given_name="a.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        stored_name="x",
        scan_state=ScanVerdict.STRUCTURE,
    )

    said = problem(choose(scene.client, slot, str(foreign.public_id)), 422)

    assert said["reasons"][0]["code"] == "document"
    assert not PreparedPaper.objects.exists()


class TestSupplement:
    @pytest.fixture
    def dossier(self, scene: Scene) -> Dossier:
        """A dossier for which the office asks for a further paper."""
        post(scene.client, about(scene, "accept"), ANSWERS)
        official = OfficialFactory(agency=scene.office)
        GrantFactory(official=official, role=Role.RECEPTIONIST, unit=scene.city)
        row = Dossier.objects.get()
        return step(row, Action.REQUEST_SUPPLEMENT, official.user, note="Ảnh mờ")

    def test_with_nothing_laid_ready_it_is_not_taken(self, scene: Scene, dossier: Dossier) -> None:
        address = f"{API}/dossiers/{dossier.public_id}"
        tag = scene.client.get(address)["ETag"]

        problem(post(scene.client, f"{address}/supplement", If_Match=tag), 422)
        problem(post(scene.client, f"{address}/supplement"), 428)
        problem(post(scene.client, f"{address}/supplement", If_Match='"0.x"'), 412)
        problem(post(stranger()[1], f"{address}/supplement", If_Match=tag), 404)

        (asked,) = scene.client.get(f"{address}/papers").json()["papers"]
        put(scene.client, f"{address}/papers/{asked['code']}")
        said = post(scene.client, f"{address}/supplement", If_Match=tag).json()
        assert said["status"] == Status.RECEIVED
        assert scene.client.get(f"{address}/papers").json() == {"why": "", "papers": []}


def test_every_address_of_papers_is_confined() -> None:
    named = [view for name, view in CITIZEN_VIEWS.items() if "paper" in name]
    assert len(named) == 9
    assert all(one.is_confined for view in named for one in handlers_of(view).values())
