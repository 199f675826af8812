"""Causes add up to the days late; a dispute is decided by another; both figures stay."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from PIL import Image

from citizens.enums import Role
from citizens.models import User
from dossiers.enums import Action, DelayKind, DisputeState
from dossiers.models import DelayCause, Dispute, Document, Dossier, Stage
from dossiers.selectors import (
    by_agency,
    derived_causes,
    disputes_of,
    late_dossiers,
    standing_clock_of,
)
from dossiers.services import Grounds, decide_dispute, raise_dispute, state_causes
from dossiers.services.keep_upload import MOST_A_DAY, keep_upload
from portal.common.errors import RefusedError, StaleVersionError
from tests.dossiers.hostile_files import JPEG, PDF
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.factories.citizens import AgencyFactory
from tests.factories.papers import a_document

pytestmark = pytest.mark.django_db
LATE = FRIDAY + timedelta(days=14)  # Friday 4 December: five working days after the due date
INSIDE, OTHER, SYSTEM = DelayKind.INSIDE, DelayKind.OTHER_AGENCY, DelayKind.SYSTEM


@pytest.fixture
def scene() -> Scene:
    return renewal()


@pytest.fixture
def officer(scene: Scene) -> User:
    return scene.officer(Role.CASE_OFFICER)


@pytest.fixture
def late(scene: Scene, officer: User) -> Dossier:
    """A dossier due on Friday 27 November that was decided on 4 December."""
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    dossier = step(dossier, Action.START_PROCESSING, officer)
    dossier = step(dossier, Action.APPROVE, officer, now=LATE)
    assert dossier.due_on == date(2026, 11, 27)
    return dossier


def standing(dossier: Dossier) -> Any:
    return standing_clock_of(dossier=Dossier.objects.get(pk=dossier.pk), day=LATE.date())


def claim(**changes: Any) -> Grounds:
    given: dict[str, Any] = {
        "kind": SYSTEM,
        "days": 3,
        "words": "Cổng quốc gia không nhận bước tiếp theo",
        "evidence_note": "Nhật ký đồng bộ 28/11–03/12, mã lỗi 504",
    }
    return Grounds(**(given | changes))


# ----------------------------------------------------------------------------------------- causes
def test_causes_add_up_to_the_days_late(late: Dossier, officer: User) -> None:
    assert (standing(late).late.raw, standing(late).unstated) == (5, 5)

    state_causes(dossier=late, user=officer, days={INSIDE: 2, OTHER: 3}, note="Chờ", now=LATE)

    assert (standing(late).causes, standing(late).unstated) == ({INSIDE: 2, OTHER: 3}, 0)


def test_the_latest_statement_counts_and_the_older_stays(late: Dossier, officer: User) -> None:
    for count, days in enumerate([{INSIDE: 5}, {INSIDE: 1, SYSTEM: 4}]):
        now = LATE + timedelta(hours=count)
        state_causes(dossier=late, user=officer, days=days, note="Chờ", now=now)

    assert standing(late).causes == {INSIDE: 1, SYSTEM: 4}
    assert DelayCause.objects.count() == 3
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        DelayCause.objects.update(days=1)


@pytest.mark.parametrize(
    ("days", "note", "said"),
    [
        ({INSIDE: 4}, "Chờ", "4"),
        ({INSIDE: 6}, "Chờ", "6"),
        ({DelayKind.CITIZEN: 5}, "Chờ", "Chờ công|tự lấy|itself"),
        ({INSIDE: 6, OTHER: -1}, "Chờ", "Chờ công|tự lấy|itself"),
        ({INSIDE: 5}, " ", "500"),
        ({INSIDE: 5}, "x" * 501, "500"),
    ],
)
def test_causes_of_no_sense_are_refused(
    late: Dossier, officer: User, days: dict[DelayKind, int], note: str, said: str
) -> None:
    with pytest.raises(RefusedError, match=said):
        state_causes(dossier=late, user=officer, days=days, note=note, now=LATE)

    assert not DelayCause.objects.exists()


def test_what_is_in_time_has_no_cause(scene: Scene, officer: User) -> None:
    dossier = step(scene.submit(), Action.RECEIVE, officer)

    with pytest.raises(RefusedError):
        state_causes(dossier=dossier, user=officer, days={INSIDE: 1}, note="Chờ", now=FRIDAY)


def test_days_at_another_agency_are_known_already(late: Dossier) -> None:
    late.stages.all().delete()
    elsewhere = AgencyFactory(kind__key="so_y_te", unit=late.competent.unit)
    for agency, position, entered, left in (
        (late.competent, 1, FRIDAY, FRIDAY + timedelta(days=4)),
        (elsewhere, 2, FRIDAY + timedelta(days=4), FRIDAY + timedelta(days=12)),
    ):
        Stage.objects.create(
            dossier=late,
            agency=agency,
            position=position,
            name_vi="Bước",
            entered_at=entered,
            left_at=left,
        )

    assert derived_causes(dossier=late, late_days=5) == {OTHER: 3, INSIDE: 2}
    assert derived_causes(dossier=late, late_days=2) == {OTHER: 2}


# --------------------------------------------------------------------------------------- disputes
def test_a_dispute_that_is_upheld_corrects_beside_the_raw_figure(
    scene: Scene, late: Dossier, officer: User
) -> None:
    # Given a dispute of three of five late days, which changes no figure by itself
    dispute = raise_dispute(dossier=late, user=officer, grounds=claim(), now=LATE)
    assert (standing(late).late.raw, standing(late).late.corrected) == (5, 5)

    # When the head of the unit grants two
    decided = decide_dispute(
        dispute=dispute,
        user=scene.officer(Role.HEAD_OF_UNIT),
        version=dispute.version,
        granted_days=2,
        answer="Nhật ký cho thấy hai ngày mất kết nối",
        now=LATE,
    )

    # Then both figures stand side by side, for the dossier and for its agency
    assert (decided.state, decided.excused_days) == (DisputeState.UPHELD, 2)
    assert (standing(late).late.raw, standing(late).late.corrected) == (5, 3)
    rows = late_dossiers(dossiers=Dossier.objects.all(), day=LATE.date(), since=FRIDAY.date())
    (sums,) = by_agency(rows)
    assert (sums.raw_count, sums.raw_days, sums.corrected_days) == (1, 5, 3)
    assert [one.pk for one in disputes_of(dossiers=Dossier.objects.all())] == [dispute.pk]


def test_all_days_granted_and_nobody_is_late_any_more_but_in_the_raw_count(
    scene: Scene, late: Dossier, officer: User
) -> None:
    dispute = raise_dispute(dossier=late, user=officer, grounds=claim(days=5), now=LATE)

    decide_dispute(
        dispute=dispute,
        user=scene.officer(Role.PROVINCIAL_LEADER),
        version=1,
        granted_days=5,
        answer="Đúng",
        now=LATE,
    )

    rows = late_dossiers(dossiers=Dossier.objects.all(), day=LATE.date(), since=FRIDAY.date())
    (sums,) = by_agency(rows)
    assert (sums.raw_count, sums.corrected_count, sums.corrected_days) == (1, 0, 0)
    with pytest.raises(RefusedError):
        raise_dispute(dossier=late, user=officer, grounds=claim(days=1), now=LATE)


@pytest.mark.parametrize(
    "changes",
    [
        {"days": 0},
        {"days": 6},
        {"words": "  "},
        {"words": "x" * 1001},
        {"evidence_note": ""},
        {"evidence_note": "x" * 501},
        {"kind": INSIDE},
        {"file": b"MZ not a picture", "file_name": "a.exe"},
    ],
    ids=str,
)
def test_a_dispute_without_ground_or_evidence_is_refused(
    late: Dossier, officer: User, changes: dict[str, Any]
) -> None:
    with pytest.raises(RefusedError):
        raise_dispute(dossier=late, user=officer, grounds=claim(**changes), now=LATE)

    assert not Dispute.objects.exists()


def test_one_dispute_is_open_at_a_time(late: Dossier, officer: User) -> None:
    raise_dispute(dossier=late, user=officer, grounds=claim(days=1), now=LATE)

    with pytest.raises(RefusedError):
        raise_dispute(dossier=late, user=officer, grounds=claim(days=1), now=LATE)


@pytest.mark.parametrize("who", ["raiser", "worker", "case officer", "elsewhere", "family"])
def test_who_may_not_decide(scene: Scene, late: Dossier, officer: User, who: str) -> None:
    raiser = scene.officer(Role.HEAD_OF_UNIT)
    dispute = raise_dispute(dossier=late, user=raiser, grounds=claim(), now=LATE)
    away = scene.officer(Role.HEAD_OF_UNIT, unit=scene.commune)
    kin = scene.officer(Role.HEAD_OF_UNIT, pin=scene.citizen.pin)
    judge = {
        "raiser": raiser,
        "worker": officer,
        "case officer": scene.officer(Role.CASE_OFFICER),
        "elsewhere": away,
        "family": kin,
    }[who]

    with pytest.raises(RefusedError):
        decide_dispute(
            dispute=dispute, user=judge, version=1, granted_days=1, answer="Đúng", now=LATE
        )

    dispute.refresh_from_db()
    assert dispute.state == DisputeState.OPEN


@pytest.mark.parametrize(
    ("granted", "answer", "version", "error"),
    [
        (4, "Đúng", 1, RefusedError),
        (-1, "Đúng", 1, RefusedError),
        (1, " ", 1, RefusedError),
        (1, "Đúng", 7, StaleVersionError),
    ],
)
def test_a_decision_of_no_sense_is_refused(
    scene: Scene,
    late: Dossier,
    officer: User,
    granted: int,
    answer: str,
    version: int,
    error: type[Exception],
) -> None:
    dispute = raise_dispute(dossier=late, user=officer, grounds=claim(), now=LATE)

    with pytest.raises(error):
        decide_dispute(
            dispute=dispute,
            user=scene.officer(Role.HEAD_OF_UNIT),
            version=version,
            granted_days=granted,
            answer=answer,
            now=LATE,
        )


def test_none_granted_rejects_and_a_stranger_raises_nothing(
    scene: Scene, late: Dossier, officer: User
) -> None:
    stranger = scene.officer(Role.CASE_OFFICER, unit=scene.commune)
    with pytest.raises(RefusedError):
        raise_dispute(dossier=late, user=stranger, grounds=claim(), now=LATE)
    dispute = raise_dispute(dossier=late, user=officer, grounds=claim(), now=LATE)

    decided = decide_dispute(
        dispute=dispute,
        user=scene.officer(Role.HEAD_OF_UNIT),
        version=1,
        granted_days=0,
        answer="Nhật ký không cho thấy lỗi",
        now=LATE,
    )

    assert decided.state == DisputeState.REJECTED
    assert standing(late).late.corrected == 5


def test_evidence_stays_out_of_the_citizens_papers(
    late: Dossier, officer: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    picture = _png()

    dispute = raise_dispute(
        dossier=late,
        user=officer,
        grounds=claim(evidence_note="", file=picture, file_name="nhat-ky.png"),
        now=LATE,
    )

    assert dispute.evidence is not None
    assert dispute.evidence.removed_at == LATE


def _png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def test_only_what_is_late_is_listed(scene: Scene, late: Dossier) -> None:
    def listed(day: date, since: date) -> list[int]:
        rows = late_dossiers(dossiers=Dossier.objects.all(), day=day, since=since)
        return [one.dossier.pk for one in rows]

    assert listed(LATE.date(), FRIDAY.date()) == [late.pk]
    assert listed(LATE.date(), LATE.date() + timedelta(days=30)) == []


def test_what_still_runs_is_listed_from_the_day_after_its_date(scene: Scene, officer: User) -> None:
    dossier = step(scene.submit(), Action.RECEIVE, officer)

    def late_days(day: date) -> list[int]:
        rows = late_dossiers(dossiers=Dossier.objects.all(), day=day, since=FRIDAY.date())
        return [one.late.raw for one in rows]

    assert dossier.due_on is not None
    assert late_days(dossier.due_on) == []
    assert late_days(dossier.due_on + timedelta(days=3)) == [1]


def test_evidence_takes_no_room_of_what_the_citizen_may_send(
    late: Dossier, officer: User, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    sent = Document.objects.filter(owner=late.owner).count()
    for number in range(MOST_A_DAY - 1 - sent):
        a_document(late.owner, f"{number}".encode())
    grounds = claim(file=_png(), file_name="nhat-ky.png")

    dispute = raise_dispute(dossier=late, user=officer, grounds=grounds, now=LATE)

    assert dispute.evidence is not None
    assert dispute.evidence.digitised_by == officer.official
    keep_upload(owner=late.owner, data=PDF)
    with pytest.raises(RefusedError):
        keep_upload(owner=late.owner, data=JPEG)
