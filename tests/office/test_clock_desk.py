"""The clock on the desk: extension, waiting, causes, disputes, warnings, moved dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from citizens.enums import Role
from citizens.models import AccessLog, Holiday, User
from dossiers.enums import Action, ClockEventKind, DisputeState, ScanVerdict, Status
from dossiers.models import ClockAlert, DelayCause, Dispute, Document, Dossier
from dossiers.services import warn_before_limits
from tests.dossiers.hostile_files import PDF
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
DAY = timedelta(days=1)
LATE = FRIDAY + 14 * DAY


@pytest.fixture
def scene() -> Iterator[Scene]:
    with time_machine.travel(FRIDAY, tick=False):
        yield renewal()


@pytest.fixture
def officer(scene: Scene) -> User:
    return scene.officer(Role.CASE_OFFICER)


@pytest.fixture
def dossier(scene: Scene, officer: User) -> Dossier:
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    return step(dossier, Action.START_PROCESSING, officer)


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def page(client: Client, dossier: Dossier) -> str:
    return client.get(reverse("admin:office_dossier", args=[dossier.public_id])).content.decode()


def act(client: Client, dossier: Dossier, what: str, **given: Any) -> str:
    address = reverse("admin:office_dossier_clock", args=[dossier.public_id, what])
    told = {"version": dossier.version} | given
    return client.post(address, told, follow=True).content.decode()


def test_a_date_is_extended_on_the_page_and_only_once(dossier: Dossier, officer: User) -> None:
    client, first = signed_in(officer), dossier.due_on
    assert first is not None
    assert "clock/extend/" in page(client, dossier)

    act(client, dossier, "extend", days="3", note="Chờ tra cứu")

    dossier.refresh_from_db()
    assert dossier.due_on is not None
    assert dossier.due_on > first
    assert "clock/extend/" not in page(client, dossier)
    act(client, dossier, "extend", days="3", note="Chờ nữa")
    assert dossier.clock_events.filter(kind=ClockEventKind.EXTENSION).count() == 1


def test_an_older_page_extends_nothing(dossier: Dossier, officer: User) -> None:
    act(signed_in(officer), dossier, "extend", days="3", note="Chờ", version=1)

    assert not dossier.clock_events.filter(kind=ClockEventKind.EXTENSION).exists()


def test_waiting_for_a_system_begins_and_ends_on_the_page(dossier: Dossier, officer: User) -> None:
    client = signed_in(officer)

    act(client, dossier, "wait", note="Cơ sở dữ liệu dân cư không trả lời từ 9 giờ")
    dossier.refresh_from_db()
    said = page(client, dossier)

    assert dossier.system_wait_since is not None
    assert "clock--waiting" in said
    assert "clock/answered/" in said
    assert "clock/wait/" not in said
    act(client, dossier, "answered")
    dossier.refresh_from_db()
    assert dossier.system_wait_since is None


def test_causes_are_stated_on_the_page(dossier: Dossier, officer: User) -> None:
    with at(LATE):
        client = signed_in(officer)
        assert "clock/causes/" in page(client, dossier)
        act(client, dossier, "causes", inside="2", other_agency="3", system="0", note="Chờ Sở")
        act(client, dossier, "causes", inside="9", note="Chờ Sở")

    assert sorted(DelayCause.objects.values_list("kind", "days")) == [
        ("inside", 2),
        ("other_agency", 3),
    ]


def test_a_dispute_from_raising_to_the_second_figure(
    scene: Scene, dossier: Dossier, officer: User
) -> None:
    # Given a dispute that the case officer raised with evidence
    with at(LATE):
        client, head = signed_in(officer), signed_in(scene.officer(Role.HEAD_OF_UNIT))
        act(
            client,
            dossier,
            "dispute",
            kind="system",
            days="2",
            grounds="Cổng quốc gia không nhận",
            evidence_note="Nhật ký đồng bộ",
        )
        dispute = Dispute.objects.get()
        address = reverse("admin:office_dispute", args=[dispute.public_id])
        given = {"version": dispute.version, "days": "2", "answer": "Đúng như nhật ký"}

        # When the raiser tries to decide, and then the head of the unit does
        assert 'name="answer"' not in client.get(address).content.decode()
        client.post(address, given)
        dispute.refresh_from_db()
        assert dispute.state == DisputeState.OPEN
        assert 'name="answer"' in head.get(address).content.decode()
        head.post(address, given)
        dispute.refresh_from_db()

        # Then the list and the file show five days as counted and three as corrected
        assert dispute.state == DisputeState.UPHELD
        said = head.get(reverse("admin:office_late")).content.decode()
        sheet = head.get(reverse("admin:office_late_file")).content.decode()
    assert dossier.code in said
    row = next(line for line in sheet.splitlines() if dossier.code in line)
    assert ",5,3," in row.replace(";", ",").replace('"', "")


def test_a_dispute_that_is_refused_comes_back_as_it_was_typed(
    dossier: Dossier, officer: User
) -> None:
    with at(LATE):
        client = signed_in(officer)
        typed = {"kind": "system", "days": "2", "grounds": "Cổng nghẽn cả tuần"}
        refused, later = act(client, dossier, "dispute", **typed), page(client, dossier)

    assert not Dispute.objects.exists()
    assert ">Cổng nghẽn cả tuần</textarea>" in refused
    assert '<option value="system" selected>' in refused
    assert "Cổng nghẽn cả tuần" not in later


def test_whoever_judges_opens_the_evidence_and_no_other_unit_does(
    scene: Scene, dossier: Dossier, officer: User, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    with at(LATE):
        file = SimpleUploadedFile("nhat-ky.pdf", PDF)
        told = {"kind": "system", "days": "1", "grounds": "Lỗi đồng bộ", "file": file}
        act(signed_in(officer), dossier, "dispute", **told)
        dispute = Dispute.objects.get()
        address = reverse("admin:office_evidence", args=[dispute.public_id])
        head = signed_in(scene.officer(Role.HEAD_OF_UNIT))
        shown = head.get(reverse("admin:office_dispute", args=[dispute.public_id]))
        assert address in shown.content.decode()

        given = head.get(address)
        away = signed_in(scene.officer(Role.HEAD_OF_UNIT, unit=scene.commune)).get(address)
        Document.objects.update(scan_state=ScanVerdict.INFECTED)
        infected = head.get(address)

    assert given.content == PDF
    assert given["Content-Disposition"].startswith("attachment")
    assert AccessLog.objects.filter(
        subject_ids=[scene.citizen.pk], reference=dossier.code, fields__contains=["document"]
    ).exists()
    assert (away.status_code, infected.status_code) == (404, 404)


def test_evidence_without_the_form_s_token_is_not_taken(dossier: Dossier, officer: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    address = reverse("admin:office_dossier_clock", args=[dossier.public_id, "dispute"])

    with at(LATE):
        strict.force_login(officer)
        assert strict.post(address, {"kind": "system"}).status_code == 403
    assert not Dispute.objects.exists()


def test_disputes_and_lateness_of_other_units_do_not_exist(
    scene: Scene, dossier: Dossier, officer: User
) -> None:
    with at(LATE):
        act(
            signed_in(officer),
            dossier,
            "dispute",
            kind="system",
            days="2",
            grounds="Lỗi",
            evidence_note="Nhật ký",
        )
        away = signed_in(scene.officer(Role.HEAD_OF_UNIT, unit=scene.commune))
        address = reverse("admin:office_dispute", args=[Dispute.objects.get().public_id])

        assert away.get(address).status_code == 404
        assert dossier.code not in away.get(reverse("admin:office_late")).content.decode()
        assert dossier.code not in away.get(reverse("admin:office_late_file")).content.decode()


def test_a_clerk_of_the_catalogue_sees_no_late_dossiers(scene: Scene) -> None:
    client = signed_in(scene.officer(Role.CATALOGUE_EDITOR))

    assert client.get(reverse("admin:office_late")).status_code == 403
    assert client.get(reverse("admin:office_late_file")).status_code == 403


def test_warnings_stand_on_the_first_page_until_they_were_seen(
    dossier: Dossier, officer: User, scene: Scene
) -> None:
    assert dossier.due_on is not None
    now = FRIDAY + (dossier.due_on - FRIDAY.date())
    warn_before_limits(now=now)
    seen = reverse("admin:office_alerts_seen")
    with at(now):
        mine, other = signed_in(officer), signed_in(scene.officer(Role.CASE_OFFICER))
        key = ClockAlert.objects.get().pk
        assert seen in mine.get(reverse("admin:index")).content.decode()
        assert seen not in other.get(reverse("admin:index")).content.decode()
        other.post(seen, {"alert": [key]})
        assert seen in mine.get(reverse("admin:index")).content.decode()
        mine.post(seen, {"alert": [key, "x", ""]})
        assert seen not in mine.get(reverse("admin:index")).content.decode()


def test_the_calendar_moves_dates_by_a_press_of_who_keeps_it(
    scene: Scene, dossier: Dossier, officer: User
) -> None:
    # Given a day off that an editor enters on the calendar's own page
    editor = signed_in(scene.officer(Role.CATALOGUE_EDITOR))
    moves, first = reverse("admin:office_calendar_moves"), dossier.due_on
    assert first is not None
    given = {"day": "25/11/2026", "name_vi": "Bão", "name_en": "", "decision": "12/QĐ-UBND"}
    editor.post(reverse("admin:citizens_holiday_add"), given)
    assert Holiday.objects.get(day=date(2026, 11, 25)).is_correction
    dossier.refresh_from_db()
    assert dossier.due_on == first

    # When a case officer and then the editor press
    assert dossier.code in signed_in(officer).get(moves).content.decode()
    assert signed_in(officer).post(moves, {"reason": "Bão"}).status_code == 403
    assert dossier.code in editor.get(moves).content.decode()
    editor.post(moves, {"reason": ""})
    dossier.refresh_from_db()
    assert dossier.due_on == first
    editor.post(moves, {"reason": "Nghỉ tránh bão"})

    # Then the date has moved, once
    dossier.refresh_from_db()
    assert dossier.due_on is not None
    assert dossier.due_on > first
    assert dossier.code not in editor.get(moves).content.decode()


def test_what_is_decided_says_whether_it_was_in_time(
    dossier: Dossier, officer: User, scene: Scene
) -> None:
    done = step(dossier, Action.APPROVE, officer, now=LATE)

    assert done.status == Status.DONE
    with at(LATE):
        said = page(signed_in(officer), done)
        client = Client()
        client.force_login(scene.user)
        seen = client.get(reverse("web:dossier", args=[done.public_id])).content.decode()
    for text in (said, seen):
        assert "trễ 5 ngày làm việc" in text
    assert "Vì sao hẹn ngày này" not in seen


def test_a_warning_marks_the_row_of_the_queue_until_it_is_seen(
    dossier: Dossier, officer: User
) -> None:
    queue = reverse("admin:office_queue")
    with at(FRIDAY + 6 * DAY):
        client = signed_in(officer)
        assert "queue__warned" not in client.get(queue).content.decode()
        warn_before_limits(now=FRIDAY + 6 * DAY)
        assert "queue__warned" in client.get(queue).content.decode()

        alert = ClockAlert.objects.latest("pk")
        client.post(reverse("admin:office_alerts_seen"), {"alert": alert.pk})

        assert "queue__warned" not in client.get(queue).content.decode()


def test_the_first_page_tells_who_may_decide_it_of_an_open_dispute(
    scene: Scene, dossier: Dossier, officer: User
) -> None:
    head, first = scene.officer(Role.HEAD_OF_UNIT), reverse("admin:index")
    with at(LATE):
        assert "khiếu nại về trễ hạn" not in signed_in(head).get(first).content.decode()
        Dispute.objects.create(
            dossier=dossier,
            kind="system",
            claimed_days=1,
            grounds="Cổng không nhận",
            raised_by=officer,
            raised_at=LATE,
        )

        assert "1 khiếu nại về trễ hạn" in signed_in(head).get(first).content.decode()
        assert "khiếu nại về trễ hạn" not in signed_in(officer).get(first).content.decode()
