"""The desk of audio programmes: written with a sound, refused with reasons, heard by four eyes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit, User
from procedures.enums import ProgrammeState
from procedures.models import Programme, Recording
from tests.dossiers.sounds import mp3
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.factories.procedures import LICENCE, ProcedureVersionFactory
from tests.office.places import signed_in
from tests.procedures.programme_scene import a_draft, on_air

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
SAID = {
    "title_vi": "Đổi giấy phép",
    "title_en": "Renewing",
    "summary_vi": "Cần làm gì.",
    "summary_en": "What to do.",
    "transcript_vi": "# Mở đầu\r\n\r\n[0:00] Người dẫn: Chào ông bà.",
    "from_on": "2026-01-01",
    "procedures": [LICENCE],
    "version": "0",
}


def official(city: Unit, role: Role) -> User:
    """Return an official of a role over the whole city."""
    holder = OfficialFactory()
    GrantFactory(official=holder, role=role, unit=city)
    user: User = holder.user
    return user


@pytest.fixture
def editor(city: Unit) -> Client:
    """The browser of an editor."""
    return signed_in(official(city, Role.CATALOGUE_EDITOR))


@pytest.fixture
def approver(city: Unit) -> Client:
    """The browser of an approver."""
    return signed_in(official(city, Role.APPROVER))


def sent(client: Client, row: Programme | None = None, *, sound: Any = None, **said: Any) -> Any:
    """Return the answer to the form."""
    name = "office_programme_edit" if row else "office_programme_new"
    address = reverse(f"admin:{name}", args=[row.pk] if row else [])
    data = SAID | said | ({"version": str(row.version)} if row else {})
    if sound is not None:
        data["sound"] = SimpleUploadedFile("noi.mp3", sound, "text/html")
    return client.post(address, data)


def pressed(client: Client, row: Programme, press: str, **more: Any) -> int:
    """Return how a press on a programme's page is answered."""
    row.refresh_from_db()
    data = {"press": press, "version": str(row.version), **more}
    status: int = client.post(
        reverse("admin:office_programme_act", args=[row.pk]), data
    ).status_code
    return status


def page(client: Client, row: Programme) -> str:
    """Return a programme's page."""
    return str(client.get(reverse("admin:office_programme", args=[row.pk])).content.decode())


def test_a_programme_goes_from_the_form_to_everybody(editor: Client, approver: Client) -> None:
    ProcedureVersionFactory()
    assert sent(editor, sound=mp3(10)).status_code == 302
    row = Programme.objects.get()
    assert row.procedures.get().key == LICENCE
    assert row.transcript_vi == "# Mở đầu\n\n[0:00] Người dẫn: Chào ông bà."

    assert 'value="review"' not in page(editor, row)
    assert pressed(editor, row, "release") == 403
    assert pressed(approver, row, "release") == 422
    assert pressed(approver, row, "review") == 302
    assert pressed(approver, row, "release") == 302

    row.refresh_from_db()
    assert row.state == ProgrammeState.RELEASED
    assert Client().get(f"/listen/{row.key}/").status_code == 200
    assert pressed(editor, row, "withdraw", reason="") == 422
    assert pressed(editor, row, "withdraw", reason="Luật mới") == 302
    assert Client().get(f"/listen/{row.key}/").status_code == 404
    assert "Luật mới" in page(editor, row)


def test_a_bad_sound_is_refused_beside_its_field_and_nothing_typed_is_lost(editor: Client) -> None:
    response = sent(editor, sound=mp3(8) + b"<html>", procedures=[])

    html = response.content.decode()
    assert response.status_code == 422
    assert "noi.mp3: Âm thanh bị hỏng hoặc bị đứt ở 0:08" in html
    assert "Cần làm gì." in html
    assert "chọn lại âm thanh" in html
    assert not Programme.objects.exists()
    assert not Recording.objects.exists()


def test_wrong_words_are_refused_with_their_line(editor: Client) -> None:
    response = sent(
        editor,
        sound=mp3(10),
        transcript_vi="[0:05] Một.\n\n[0:02] Hai.",
        title_en="",
        procedures=[],
    )

    html = response.content.decode()
    assert response.status_code == 422
    assert "Dòng 3: mốc thời gian phải sau mốc trước" in html
    assert 'href="#id_title_en"' in html
    assert not Recording.objects.exists()


def test_without_a_transcript_the_page_says_so_and_offers_no_release(
    editor: Client, approver: Client
) -> None:
    ProcedureVersionFactory()
    sent(editor, sound=mp3(10), transcript_vi="")
    row = Programme.objects.get()

    html = page(approver, row)

    assert "Chưa có lời ghi" in html
    assert 'value="review"' not in html
    assert pressed(approver, row, "review") == 422


def test_a_change_keeps_the_sound_and_the_slower_of_two_is_told(editor: Client) -> None:
    draft = a_draft()
    assert sent(editor, draft, title_vi="Tên mới", procedures=[]).status_code == 302

    late = sent(editor, draft, title_vi="Tên khác", procedures=[])

    assert late.status_code == 409
    assert "Tên khác" in late.content.decode()
    draft.refresh_from_db()
    assert draft.title_vi == "Tên mới"
    assert draft.recording is not None


def test_the_preview_is_the_citizens_page_and_its_sound_is_for_officials(
    editor: Client, client: Client
) -> None:
    draft = a_draft()
    preview = reverse("admin:office_programme_preview", args=[draft.pk])
    sound = reverse("admin:office_programme_sound", args=[draft.pk])

    html = editor.get(preview).content.decode()
    heard: Any = editor.get(sound, headers={"range": "bytes=0-9"})

    assert "bản xem trước" in html
    assert f'src="{sound}"' in html
    assert heard.getvalue() == mp3(10)[:10]
    assert "private, no-store" in heard["Cache-Control"]
    for address in (preview, sound, reverse("admin:office_programmes")):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CASE_OFFICER])
def test_who_does_not_write_cannot(city: Unit, role: Role) -> None:
    stranger, row = signed_in(official(city, role)), on_air()

    assert sent(stranger, sound=mp3(10)).status_code == 403
    assert pressed(stranger, row, "withdraw", reason="x") == 403


def test_every_page_of_the_desk_is_there_in_both_languages(editor: Client) -> None:
    a_draft()
    row = on_air()
    for language, word in (("vi", "Chương trình âm thanh"), ("en", "Audio programmes")):
        editor.cookies["django_language"] = language
        assert word in editor.get(reverse("admin:office_programmes")).content.decode()
        assert word in page(editor, row)
        new = editor.get(reverse("admin:office_programme_new"))
        assert new.status_code == 200
