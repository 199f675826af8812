"""Audio programmes: written by one, reviewed and released by another, never heard unread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from citizens.enums import Role
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from procedures.definition import DefinitionError
from procedures.definition.programme import lacks
from procedures.definition.transcript import Paragraph, read_transcript
from procedures.enums import ProgrammeAct, ProgrammeState
from procedures.models import Programme, Recording
from procedures.selectors.programmes import (
    PIECE,
    bytes_of,
    find_programmes,
    has_written,
    programmes_about,
    programmes_on_air,
)
from procedures.services.release_programme import release_programme
from procedures.services.review_programme import review_programme
from procedures.services.withdraw_programme import withdraw_programme
from procedures.services.write_programme import write_programme
from tests.factories.procedures import LICENCE, ProcedureFactory
from tests.procedures.programme_scene import WORDS, a_draft, a_sound, an_official, on_air

db = pytest.mark.django_db


# ------------------------------------------------------------------------------------ the words
def test_a_transcript_is_read_as_it_is_typed() -> None:
    text = "# Mở đầu\n\n[1:05] Người dẫn: Chào\nông bà.\n\n\nXin nghe: hai việc.\n[bài]"

    assert read_transcript(text) == [
        Paragraph(1, "Mở đầu", is_heading=True),
        Paragraph(3, "Chào ông bà.", "Người dẫn", 65),
        Paragraph(7, "hai việc. [bài]", "Xin nghe"),
    ]


LACKING: dict[str, tuple[dict[str, Any], str, int | None, str]] = {
    "no title": ({"title_vi": ""}, "title_vi", None, "còn thiếu"),
    "no English title": ({"title_en": ""}, "title_en", None, "còn thiếu"),
    "a long title": ({"title_vi": "a" * 121}, "title_vi", None, "120"),
    "a title of two lines": ({"title_vi": "a\nb"}, "title_vi", None, "không nhìn thấy"),
    "no summary": ({"summary_vi": ""}, "summary_vi", None, "còn thiếu"),
    "no transcript": ({"transcript_vi": ""}, "transcript_vi", None, "chưa có lời ghi"),
    "headings only": ({"transcript_vi": "# Mở đầu"}, "transcript_vi", None, "chưa có lời ghi"),
    "a mark without words": ({"transcript_vi": "Chào.\n\n[0:03]"}, "transcript_vi", 3, "lời"),
    "marks go back": (
        {"transcript_vi": "[0:05] Một.\n\n[0:04] Hai."},
        "transcript_vi",
        3,
        "sau mốc trước",
    ),
    "behind the end": ({"transcript_vi": "[0:10] Một."}, "transcript_vi", 1, "đã hết"),
    "a mark within": ({"transcript_vi": "Một [0:05] hai."}, "transcript_vi", 1, "ở đầu đoạn"),
    "a minute of 75 s": ({"transcript_vi": "[0:75] Một."}, "transcript_vi", 1, "ở đầu đoạn"),
    "turned letters": ({"transcript_vi": "Một.\n\nHai\u202e."}, "transcript_vi", 3, "không nhìn"),
    "a long paragraph": ({"transcript_en": "a" * 2001}, "transcript_en", 1, "2000"),
    "a long transcript": ({"transcript_en": "a\n\n" * 14_000}, "transcript_en", None, "40000"),
    "ends before it begins": ({"until_on": date(2025, 1, 1)}, "until_on", None, "ngày cuối"),
}


@pytest.mark.parametrize(("said", "path", "line", "why"), LACKING.values(), ids=LACKING)
def test_what_is_wrong_is_told_with_its_place_in_both_languages(
    said: dict[str, Any], path: str, line: int | None, why: str
) -> None:
    (problem,) = lacks(replace(WORDS, **said), seconds=10)

    assert (problem.path, problem.line) == (path, line)
    assert why in problem.vi
    assert problem.en.isascii()


def test_without_sound_it_is_not_complete() -> None:
    assert [one.path for one in lacks(WORDS, seconds=None)] == ["sound"]
    assert lacks(WORDS, seconds=10) == []


# --------------------------------------------------------------------------------- its life
@db
def test_from_a_draft_to_the_air_each_step_is_noted() -> None:
    draft = a_draft()
    approver = an_official(Role.APPROVER)
    assert (draft.key, draft.state) == ("doi-giay-phep-lai-xe", ProgrammeState.DRAFT)
    assert not programmes_on_air(day=clock.today()).exists()

    now = clock.now()
    row = review_programme(programme=draft, version=draft.version, by=approver, now=now)
    assert not programmes_on_air(day=clock.today()).exists()
    row = release_programme(programme=row, version=row.version, by=approver, now=now)

    assert programmes_on_air(day=clock.today()).get() == row
    steps = row.steps.order_by("pk")
    assert [one.act for one in steps] == [*ProgrammeAct][:3]
    assert [one.by for one in steps] == [draft.written_by, approver, approver]
    assert len({one.said_sha256 for one in steps}) == 1


@db
@pytest.mark.parametrize("serve", [review_programme, release_programme])
def test_whoever_wrote_it_cannot_let_it_pass(serve: Callable[..., Programme]) -> None:
    draft = a_draft()
    if serve is release_programme:
        other = an_official(Role.APPROVER)
        draft = review_programme(programme=draft, version=draft.version, by=other, now=clock.now())

    with pytest.raises(RefusedError, match="Người viết"):
        serve(programme=draft, version=draft.version, by=draft.written_by, now=clock.now())


@db
def test_nor_can_whoever_wrote_a_part_of_it_until_it_is_heard() -> None:
    first, second = an_official(Role.APPROVER), an_official(Role.APPROVER)
    draft = a_draft(first)
    words = replace(WORDS, title_vi="Đổi giấy phép lái xe, sửa một dấu phẩy")
    row = write_programme(
        words=words, by=second, now=clock.now(), programme=draft, version=draft.version
    )

    with pytest.raises(RefusedError, match="Người viết"):
        review_programme(programme=row, version=row.version, by=first, now=clock.now())

    third = an_official(Role.APPROVER)
    row = review_programme(programme=row, version=row.version, by=third, now=clock.now())
    row = release_programme(programme=row, version=row.version, by=third, now=clock.now())
    assert not has_written(programme=row, user=first)


@db
def test_a_draft_that_nobody_reviewed_is_not_released() -> None:
    draft = a_draft()

    with pytest.raises(RefusedError, match="rà soát"):
        release_programme(programme=draft, version=draft.version, by=an_official(), now=clock.now())


@db
def test_without_a_transcript_or_a_sound_nothing_passes() -> None:
    silent = write_programme(words=WORDS, by=an_official(), now=clock.now())
    unread = a_draft(transcript_vi="")

    for draft, place in ((silent, "sound"), (unread, "transcript_vi")):
        with pytest.raises(DefinitionError) as refused:
            review_programme(
                programme=draft, version=draft.version, by=an_official(), now=clock.now()
            )
        assert [one.path for one in refused.value.problems] == [place]


@db
def test_a_change_voids_the_review_and_a_stale_form_is_told() -> None:
    draft, other = a_draft(), an_official()
    row = review_programme(programme=draft, version=draft.version, by=other, now=clock.now())
    changed = replace(WORDS, title_vi="Khác")
    with pytest.raises(StaleVersionError):
        write_programme(
            programme=row, version=draft.version, words=changed, by=other, now=clock.now()
        )

    row = write_programme(
        programme=row, version=row.version, words=changed, by=other, now=clock.now()
    )

    assert (row.state, row.reviewed_by, row.written_by) == (ProgrammeState.DRAFT, None, other)
    assert row.key == draft.key
    assert row.recording == draft.recording


@db
def test_what_is_heard_is_not_changed_but_withdrawn_and_written_anew() -> None:
    row, by = on_air(), an_official()
    with pytest.raises(RefusedError, match="rút"):
        write_programme(programme=row, version=row.version, words=WORDS, by=by, now=clock.now())
    with pytest.raises(RefusedError, match="lý do"):
        withdraw_programme(programme=row, version=row.version, by=by, reason=" ", now=clock.now())

    row = withdraw_programme(
        programme=row, version=row.version, by=by, reason="Luật mới", now=clock.now()
    )

    assert not programmes_on_air(day=clock.today()).exists()
    assert row.steps.latest("pk").reason == "Luật mới"
    row = write_programme(
        programme=row, version=row.version, words=WORDS, by=by, now=clock.now(), sound=a_sound(20)
    )
    assert (row.state, row.recording and row.recording.seconds) == (ProgrammeState.DRAFT, 20)
    assert Recording.objects.count() == 2


@db
def test_two_of_one_title_have_two_addresses() -> None:
    assert [a_draft().key, a_draft().key] == ["doi-giay-phep-lai-xe", "doi-giay-phep-lai-xe-2"]


# -------------------------------------------------------------------- the database's last word
@db
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"title_vi": "Khác"}, InternalError),
        ({"transcript_vi": "Khác"}, InternalError),
        ({"recording": None}, InternalError),
    ],
)
def test_the_database_keeps_what_is_heard(change: dict[str, Any], error: type[Exception]) -> None:
    row = on_air()

    with pytest.raises(error), transaction.atomic():
        Programme.objects.filter(pk=row.pk).update(**change)


@db
def test_the_database_knows_four_eyes_and_completeness() -> None:
    draft = a_draft()
    changes: list[dict[str, Any]] = [
        {"state": ProgrammeState.RELEASED},
        {"released_by": draft.written_by},
        {"reviewed_by": draft.written_by},
        {"until_on": date(2000, 1, 1)},
    ]

    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            Programme.objects.filter(pk=draft.pk).update(**change)


@db
@pytest.mark.parametrize("table", ["recording", "recordingpiece", "programmestep"])
def test_sounds_and_steps_are_only_added(table: str) -> None:
    on_air()

    with connection.cursor() as cursor, pytest.raises(ProgrammingError), transaction.atomic():
        cursor.execute(f"DELETE FROM procedures_{table}")  # noqa: S608 - names of this test


# ------------------------------------------------------------------------------------- reading
@db
def test_it_is_heard_from_its_first_day_to_its_last() -> None:
    today = clock.today()
    row = on_air(from_on=today, until_on=today + timedelta(days=2))

    heard = [
        programmes_on_air(day=today + timedelta(days=days)).filter(pk=row.pk).exists()
        for days in (-1, 0, 2, 3)
    ]

    assert heard == [False, True, True, False]


@db
@pytest.mark.parametrize(
    ("typed", "event", "count"),
    [
        ("giay phep lai xe", "", 1),
        ("GIẤY PHÉP", "expiry", 1),
        ("bang lai", "", 1),
        ("driving licence", "", 1),
        ("chao ong ba", "", 1),
        ("giay phep", "birth", 0),
        ("kết hôn", "", 0),
        ("%", "", 1),
    ],
)
def test_it_is_found_without_accents(typed: str, event: str, count: int) -> None:
    on_air()

    assert len(find_programmes(typed=typed, event=event, day=clock.today())) == count


@db
def test_it_is_found_by_the_procedures_it_is_about() -> None:
    ProcedureFactory()
    on_air(procedures=(LICENCE,))

    assert programmes_about(procedure=LICENCE, day=clock.today()).exists()
    assert not programmes_about(procedure="birth_registration", day=clock.today()).exists()


@db
@pytest.mark.parametrize(
    ("start", "stop"), [(0, 1), (0, PIECE), (PIECE - 1, PIECE + 1), (PIECE, 2 * PIECE), (5, None)]
)
def test_any_stretch_of_the_sound_is_read(start: int, stop: int | None) -> None:
    data = bytes(range(256)) * 3000
    recording = on_air(sound=replace(a_sound(), data=data)).recording
    assert recording is not None

    assert b"".join(bytes_of(recording, start, stop or len(data))) == data[start:stop]
