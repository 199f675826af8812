"""Notes among officials: kept with author and time, never changed, never the citizen's."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from citizens.enums import Role, UserKind
from citizens.models import AccessLog, User
from dossiers.models import Dossier, DossierNote
from dossiers.selectors import timeline
from tests.factories.citizens import GrantFactory, OfficialFactory, UserFactory
from tests.office.places import Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

SECRET = "Đã gọi cho trường, chờ trả lời"


def _colleague(place: Place, role: Role) -> User:
    official = OfficialFactory(agency=place.agency)
    GrantFactory(official=official, role=role, unit=place.unit)
    user: User = official.user
    return user


def _page(dossier: Dossier) -> str:
    return reverse("admin:office_dossier", args=[dossier.public_id])


def _note(client: Client, dossier: Dossier, text: str = SECRET) -> Any:
    address = reverse("admin:office_note", args=[dossier.public_id])
    return client.post(address, {"text": text})


def test_a_note_is_read_by_colleagues_with_author_and_time(here: Place) -> None:
    writer = _colleague(here, Role.RECEPTIONIST)

    _note(signed_in(writer), here.dossier)

    note = here.dossier.desk_notes.get()
    assert (note.official, note.text) == (writer, SECRET)
    said = signed_in(_colleague(here, Role.HEAD_OF_UNIT)).get(_page(here.dossier)).content.decode()
    assert SECRET in said
    assert str(writer) in said


def test_a_note_cannot_be_changed_or_deleted(here: Place) -> None:
    _note(signed_in(here.user), here.dossier)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        DossierNote.objects.update(text="x")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        DossierNote.objects.all()._raw_delete("default")


def test_who_read_notes_is_in_the_log(here: Place) -> None:
    reader = signed_in(here.user)
    reader.get(_page(here.dossier))
    _note(reader, here.dossier)
    reader.get(_page(here.dossier))

    before, after = AccessLog.objects.filter(reference=here.dossier.code).order_by("pk")
    assert "note" not in before.fields
    assert "note" in after.fields
    assert (after.actor, after.subject_ids) == (here.user, [here.citizen.pk])


def test_the_citizen_never_reads_them(here: Place) -> None:
    _note(signed_in(here.user), here.dossier)
    client = Client()
    account = UserFactory(kind=UserKind.CITIZEN, citizen=here.citizen)
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")

    pages = [f"/my/dossiers/{here.dossier.public_id}/", "/my/dossiers/", "/my/views/", "/my/"]
    opened = [page for page in pages if client.get(page).status_code == 200]

    assert pages[0] in opened
    assert all(SECRET not in client.get(page).content.decode() for page in opened)
    assert SECRET not in str(timeline(dossier=here.dossier))


def test_an_official_reads_none_of_the_own_family(here: Place) -> None:
    _note(signed_in(here.user), here.dossier)
    kin = _colleague(here, Role.CASE_OFFICER)
    kin.official.self_pin_index = here.citizen.pin_index
    kin.official.save()
    client = signed_in(kin)

    page = client.get(_page(here.dossier))

    assert page.status_code == 200
    assert SECRET not in page.content.decode()
    assert _note(client, here.dossier).status_code == 403


def test_who_only_looks_reads_and_does_not_write(here: Place) -> None:
    _note(signed_in(here.user), here.dossier)
    client = signed_in(_colleague(here, Role.PROVINCIAL_LEADER))

    assert SECRET in client.get(_page(here.dossier)).content.decode()
    assert _note(client, here.dossier).status_code == 403


def test_nobody_writes_on_a_dossier_of_another_place(here: Place, elsewhere: Place) -> None:
    assert _note(signed_in(here.user), elsewhere.dossier).status_code == 404


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 1001])
def test_an_empty_or_endless_note_is_refused(text: str, here: Place) -> None:
    _note(signed_in(here.user), here.dossier, text)

    assert not here.dossier.desk_notes.exists()


def test_the_same_note_twice_is_one(here: Place) -> None:
    for _ in range(2):
        _note(signed_in(here.user), here.dossier)

    assert here.dossier.desk_notes.count() == 1
