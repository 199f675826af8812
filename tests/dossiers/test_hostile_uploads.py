"""Hostile uploads: none is ever served. Plain papers: all are taken (F28 to F31)."""

from __future__ import annotations

import io
import resource
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from citizens.models import Party
from dossiers.documents.intake.receiving import receive
from dossiers.documents.intake.refusals import OF_SOUND, Reason
from dossiers.documents.store import open_stored
from dossiers.models import Document
from dossiers.selectors.papers import usable
from dossiers.services.intake_words import sentence_for
from dossiers.services.keep_upload import keep_upload
from portal.common.errors import RefusedError
from tests.dossiers.hostile_files import CARRIERS, CONTROLS, HOSTILE, LOAD, SCRIPT, Made
from tests.factories.citizens import PartyFactory

MOST_RESIDENT_KB = 300_000
MOST_SECONDS = 5.0

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def owner(db: None) -> Party:
    party: Party = PartyFactory()
    return party


def _spent() -> float:
    """Return the processor time of all children so far (s)."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_table_is_as_long_as_promised() -> None:
    assert len(HOSTILE) >= 100
    assert len(CONTROLS) >= 10


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE)
def test_none_is_kept_and_each_is_told_what_to_do(made: Made, owner: Party, tmp_path: Path) -> None:
    data, name = made()
    before = _spent()

    with pytest.raises(RefusedError) as refused:
        keep_upload(owner=owner, data=data, given_name=name)

    assert _spent() - before < MOST_SECONDS
    assert len(refused.value.reasons[0]) > 20
    assert not Document.objects.filter(usable()).exists()
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


@pytest.mark.parametrize("made", CARRIERS.values(), ids=CARRIERS)
def test_of_a_carrier_only_the_picture_is_kept(made: Made, owner: Party) -> None:
    data, name = made()
    assert LOAD in data

    kept = open_stored(keep_upload(owner=owner, data=data, given_name=name))

    assert LOAD not in kept
    assert SCRIPT not in kept
    assert b"EICAR" not in kept


@pytest.mark.parametrize("made", CONTROLS.values(), ids=CONTROLS)
def test_plain_papers_are_taken(made: Made, owner: Party) -> None:
    data, name = made()

    document = keep_upload(owner=owner, data=data, given_name=name)

    assert Document.objects.filter(usable()).get() == document
    assert len(document.given_name) <= 120
    if document.media_type == "application/pdf":
        assert open_stored(document) == data  # byte for byte: a signature stays valid
    else:
        assert Image.open(io.BytesIO(open_stored(document))).format in {"JPEG", "PNG"}


@pytest.mark.parametrize("name", ["photo of 48 megapixels", "picture of the screen"])
def test_judging_takes_less_memory_than_a_browser_tab(name: str) -> None:
    taken = receive(*CONTROLS[name]())

    assert 0 < taken.peak_kb < MOST_RESIDENT_KB


def test_a_photo_on_its_side_stands_upright_and_tells_no_place() -> None:
    taken = receive(*CONTROLS["photo on its side"]())

    with Image.open(io.BytesIO(taken.data)) as picture:
        assert picture.size == (200, 320)
        assert not picture.getexif()


@pytest.mark.parametrize("reason", sorted(set(Reason) - OF_SOUND))
def test_every_reason_has_its_sentence(reason: Reason) -> None:
    assert sentence_for(reason)
