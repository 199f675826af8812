"""Old papers in batches: scanned, indexed, sealed, linked to the person, closed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pytest_django import Settings

from citizens.enums import Role
from citizens.models import User
from dossiers.documents.signing import Examined, examine, known_certificates
from dossiers.documents.signing.trial_seal import trial_seal
from dossiers.documents.store import open_stored, stored_names
from dossiers.models import DigitisingBatch, Document
from tests.dossiers.hostile_files import JPEG, PDF
from tests.dossiers.scene import FRIDAY, Scene, renewal
from tests.factories.citizens import AgencyFactory, UnitFactory
from tests.peers.poppler import require_poppler, signature_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with time_machine.travel(FRIDAY, tick=True):
        yield renewal()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def begin(client: Client) -> DigitisingBatch:
    client.post(reverse("admin:office_papers"), {"name": "Khai sinh 1998, hộp 3"})
    return DigitisingBatch.objects.get()


def page(batch: DigitisingBatch, name: str = "office_papers_batch") -> str:
    return reverse(f"admin:{name}", args=[batch.public_id])


def add(client: Client, batch: DigitisingBatch, scene: Scene, **changes: Any) -> Any:
    given = {
        "file": SimpleUploadedFile("quet.jpg", JPEG),
        "pin": scene.citizen.pin,
        "title": "Giấy khai sinh",
        "number": "123/1998",
        "issuer": "UBND xã Hòa Bắc",
        "issued_on": "1998-05-04",
    }
    return client.post(page(batch), given | changes)


@pytest.mark.parametrize(
    ("name", "data"), [("quet.jpg", JPEG), ("quet.pdf", PDF)], ids=["photo", "PDF"]
)
def test_a_scan_is_indexed_sealed_and_stands_in_the_persons_repository(
    name: str, data: bytes, scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(scene.officer(Role.CASE_OFFICER))
    batch = begin(client)
    add(client, batch, scene, file=SimpleUploadedFile(name, data))
    scan = Document.objects.get()
    assert (scan.owner, scan.number, scan.batch) == (scene.citizen.party, "123/1998", batch)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(page(batch), {"seal": str(scan.public_id)})
    client.post(page(batch, "office_papers_close"))

    scan.refresh_from_db()
    batch.refresh_from_db()
    assert scan.is_signed
    assert batch.closed_at is not None
    sealed = open_stored(scan)
    assert examine(sealed, certificates=known_certificates()) is Examined.WHOLE
    assert [name for name, _at in stored_names()] == [scan.stored_name]
    kept = signed_in(scene.user).get(reverse("web:repository")).content.decode()
    assert "Giấy khai sinh" in kept
    assert "123/1998" in kept


def signed_elsewhere(folder: Path, *, forbids_changes: bool = False) -> bytes:
    """Return a PDF with the signature of an agency that is none of ours."""
    issued = trial_seal(folder / "theirs", code="HUE", name="UBND thành phố Huế")
    signer = SimpleSigner.load(str(issued / "seal.key.pem"), str(issued / "seal.pem"))
    metadata = PdfSignatureMetadata(
        field_name="Chu-ky-Hue",
        certify=forbids_changes,
        docmdp_permissions=MDPPerm.NO_CHANGES if forbids_changes else MDPPerm.FILL_FORMS,
    )
    signed = BytesIO()
    sign_pdf(IncrementalPdfFileWriter(BytesIO(PDF)), metadata, signer, output=signed)
    return signed.getvalue()


def sealed_scan(
    data: bytes, scene: Scene, captured: Any, name: str = "khai-sinh.pdf"
) -> tuple[Document, bytes]:
    """Digitise a file, seal it at the desk; return its row and what is stored."""
    client = signed_in(scene.officer(Role.CASE_OFFICER))
    batch = begin(client)
    add(client, batch, scene, file=SimpleUploadedFile(name, data))
    with captured(execute=True):
        client.post(page(batch), {"seal": str(Document.objects.get().public_id)})
    client.post(page(batch, "office_papers_close"))
    batch.refresh_from_db()
    assert batch.closed_at is not None
    scan = Document.objects.get()
    return scan, open_stored(scan)


def test_a_signature_that_a_pdf_brought_stays_valid_beside_our_seal(
    scene: Scene, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    require_poppler()
    brought = signed_elsewhere(tmp_path)

    scan, kept = sealed_scan(brought, scene, django_capture_on_commit_callbacks)

    assert kept.startswith(brought)
    assert len(kept) > len(brought)
    path = tmp_path / "kept.pdf"
    path.write_bytes(kept)
    said = signature_of(path)
    assert said.count("Signature is Valid.") == 2, said
    assert "UBND thành phố Huế" in said
    assert f"THỬ NGHIỆM – {scene.agency.name_vi}"[:64] in said
    assert scan.is_signed
    assert examine(kept, certificates=known_certificates()) is Examined.WHOLE


def test_a_pdf_that_was_certified_against_any_change_is_kept_as_it_came(
    scene: Scene, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    brought = signed_elsewhere(tmp_path, forbids_changes=True)

    scan, kept = sealed_scan(brought, scene, django_capture_on_commit_callbacks)

    assert kept == brought
    assert scan.is_signed


@pytest.mark.parametrize(
    "changes",
    [
        {"pin": "999999999999"},
        {"pin": "12"},
        {"pin": ""},
        {"title": " "},
        {"number": ""},
        {"issued_on": "2030-01-01"},
        {"issued_on": "hôm qua"},
        {"file": SimpleUploadedFile("a.exe", b"MZ")},
        {"file": ""},
    ],
)
def test_what_is_wrong_is_not_kept(changes: dict[str, Any], scene: Scene) -> None:
    client = signed_in(scene.officer(Role.CASE_OFFICER))
    batch = begin(client)

    add(client, batch, scene, **changes)

    assert not Document.objects.exists()


def test_a_batch_is_not_closed_empty_or_unsealed_and_then_takes_nothing(scene: Scene) -> None:
    client = signed_in(scene.officer(Role.CASE_OFFICER))
    batch = begin(client)
    for _attempt in range(2):
        client.post(page(batch, "office_papers_close"))
        batch.refresh_from_db()
        assert batch.closed_at is None
        add(client, batch, scene)
    client.post(page(batch), {"seal": str(Document.objects.get().public_id)})
    client.post(page(batch, "office_papers_close"))

    add(client, batch, scene, file=SimpleUploadedFile("2.pdf", PDF))

    assert Document.objects.count() == 1


def test_a_batch_of_another_place_does_not_exist(scene: Scene) -> None:
    batch = begin(signed_in(scene.officer(Role.CASE_OFFICER)))
    elsewhere = UnitFactory(province=True)
    scene.agency = AgencyFactory(kind=scene.agency.kind, unit=elsewhere)
    stranger = signed_in(scene.officer(Role.CASE_OFFICER, unit=elsewhere))

    assert stranger.get(page(batch)).status_code == 404
    assert batch.name not in stranger.get(reverse("admin:office_papers")).content.decode()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.DATA_STEWARD])
def test_other_roles_have_no_such_desk(role: Role, scene: Scene) -> None:
    client = signed_in(scene.officer(role))

    assert client.get(reverse("admin:office_papers")).status_code == 403
    assert client.post(reverse("admin:office_papers"), {"name": "a"}).status_code == 403
