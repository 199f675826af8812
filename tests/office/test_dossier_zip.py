"""A dossier as one archive: what is in it, what never is, who gets it, and that it is logged."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from citizens.enums import Role, ViewPurpose
from citizens.models import AccessLog
from dossiers.documents.store import forget
from dossiers.enums import Action, ScanVerdict
from dossiers.models import Document, Dossier, IssuedForm
from dossiers.services.make_forms import make_forms
from portal.office.dossier_zip import MANIFEST, safe_name
from tests.dossiers.hostile_files import PDF
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.factories.citizens import AgencyFactory, UnitFactory
from tests.factories.papers import a_document
from tests.office.places import signed_in

CHECK_UP = "GPLX-02"

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def scene(settings: Settings, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)
    with time_machine.travel(FRIDAY, tick=False):
        yield renewal()


def with_file(scene: Scene, **changes: Any) -> tuple[Dossier, Document]:
    dossier = scene.submit()
    document = a_document(scene.citizen.party, PDF, **changes)
    dossier.papers.filter(component_code=CHECK_UP).update(document=document)
    return dossier, document


def asked(client: Client, dossier: Dossier) -> Any:
    return client.get(reverse("admin:office_dossier_zip", args=[dossier.public_id]))


def opened(client: Client, dossier: Dossier) -> dict[str, bytes]:
    answer = asked(client, dossier)
    assert answer.streaming
    assert answer["Content-Disposition"] == f'attachment; filename="{dossier.code}.zip"'
    assert "no-store" in answer["Cache-Control"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as book:
        assert book.testzip() is None
        return {name: book.read(name) for name in book.namelist()}


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_it_holds_form_clock_history_papers_and_what_was_issued(scene: Scene) -> None:
    dossier, document = with_file(scene)
    step(dossier, Action.RECEIVE, scene.officer(), now=FRIDAY)
    make_forms(now=FRIDAY)

    files = opened(signed_in(scene.officer(Role.CASE_OFFICER)), dossier)

    papers = [name for name in files if name.startswith("giay-to/")]
    assert [files[name] for name in papers] == [PDF]
    assert papers[0].endswith(document.given_name)
    issued = IssuedForm.objects.filter(dossier=dossier).count()
    made = [data for name, data in files.items() if name.startswith("da-cap/")]
    assert len(made) == issued > 0
    assert all(data.startswith(b"%PDF") for data in made)
    form = table(files["1-bieu-mau.csv"])
    assert any(scene.citizen.full_name in row for row in form)
    assert str(scene.citizen.pin) not in str(form)
    assert len(table(files["2-thoi-han.csv"])) == 1 + dossier.clock_events.count()
    assert len(table(files["3-qua-trinh.csv"])) == 1 + dossier.events.count()


def test_the_last_file_lists_the_others_with_their_digests(scene: Scene) -> None:
    dossier, _document = with_file(scene)

    files = opened(signed_in(scene.officer(Role.CASE_OFFICER)), dossier)

    *others, last = files
    assert last == MANIFEST
    told = {name: (digest, int(size)) for name, digest, size in table(files[MANIFEST])[1:]}
    assert told == {
        name: (hashlib.sha256(files[name]).hexdigest(), len(files[name])) for name in others
    }


@pytest.mark.parametrize("state", [ScanVerdict.PENDING, ScanVerdict.INFECTED])
def test_a_paper_in_quarantine_is_never_in_it(state: ScanVerdict, scene: Scene) -> None:
    dossier, document = with_file(scene, scan_state=state)

    files = opened(signed_in(scene.officer(Role.CASE_OFFICER)), dossier)

    assert not [name for name in files if name.startswith("giay-to/")]
    assert document.given_name not in str(files)
    assert PDF not in files.values()


def test_a_file_that_is_lost_is_said_to_be_missing(scene: Scene) -> None:
    dossier, document = with_file(scene)
    forget(document.stored_name)

    files = opened(signed_in(scene.officer(Role.CASE_OFFICER)), dossier)

    (missing,) = [row for row in table(files[MANIFEST]) if row[0].startswith("giay-to/")]
    assert missing[0] not in files
    assert missing[2] == ""


def test_the_look_is_logged_with_purpose_and_dossier(scene: Scene) -> None:
    dossier, _document = with_file(scene)
    officer = scene.officer(Role.CASE_OFFICER)

    opened(signed_in(officer), dossier)

    look = AccessLog.objects.get(page="admin:office_dossier_zip")
    assert (look.actor, look.purpose, look.reference) == (
        officer,
        ViewPurpose.DOSSIER,
        dossier.code,
    )
    assert scene.citizen.pk in look.subject_ids
    assert "papers" in look.fields


def test_an_official_of_another_place_finds_nothing(scene: Scene) -> None:
    dossier, _document = with_file(scene)
    elsewhere = UnitFactory(province=True)
    scene.agency = AgencyFactory(kind=scene.agency.kind, unit=elsewhere)
    stranger = scene.officer(Role.CASE_OFFICER, unit=elsewhere)

    assert asked(signed_in(stranger), dossier).status_code == 404
    assert not AccessLog.objects.filter(page="admin:office_dossier_zip").exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("giấy khám.pdf", "giấy khám.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\x.exe", "_.._x.exe"),
        ("C:\\a.pdf", "C_a.pdf"),
        (".bashrc", "bashrc"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        ("", "_"),
        ("...", "_"),
    ],
)
def test_a_name_is_no_path(given: str, kept: str) -> None:
    found = safe_name(given)

    assert found == kept
    assert not set(found) & set("/\\:\x00\n")


def test_a_long_name_keeps_its_ending() -> None:
    assert len(safe_name("x" * 300 + ".pdf")) == 80
    assert safe_name("x" * 300 + ".pdf").endswith(".pdf")
