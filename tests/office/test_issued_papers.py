"""Papers at the desk: issued ones, form 06, those that could not be made, the log (form 07)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog
from dossiers.enums import Action, FormKind, FormOrderState
from dossiers.models import Dossier, FormOrder, IssuedForm, LogBook
from dossiers.services.make_forms import make_forms
from dossiers.services.rotate_files import sweep_files
from portal.common import clock
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.office.places import signed_in
from tests.peers.poppler import require_poppler, signature_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def scene() -> Any:
    """A licence, its suggestion and the office, on a Friday morning."""
    with time_machine.travel(FRIDAY + timedelta(hours=2), tick=False):
        yield renewal()


def received(scene: Scene) -> Dossier:
    return step(scene.submit(), Action.RECEIVE, scene.officer(), now=FRIDAY)


def address(dossier: Dossier, page: str = "office_dossier", *args: Any) -> str:
    return reverse(f"admin:{page}", args=[dossier.public_id, *args])


def test_the_dossier_shows_what_is_coming_and_what_was_issued(scene: Scene) -> None:
    dossier = received(scene)
    client = signed_in(scene.officer())

    before = client.get(address(dossier)).content.decode()
    make_forms(now=FRIDAY + timedelta(hours=2))
    after = client.get(address(dossier)).content.decode()

    form = IssuedForm.objects.select_related("document").get()
    paper = address(dossier, "office_issued", form.document.public_id)
    assert "đang lập và ký số" in before
    assert paper in after
    looks = AccessLog.objects.count()
    assert client.get(paper)["Content-Type"] == "application/pdf"
    assert AccessLog.objects.count() == looks + 1


def test_the_control_slip_is_one_press(scene: Scene) -> None:
    dossier = received(scene)
    client = signed_in(scene.officer())

    answer = client.post(address(dossier, "office_control_slip"))

    form = IssuedForm.objects.select_related("document").get(kind=FormKind.CONTROL)
    assert answer["Location"] == address(dossier, "office_issued", form.document.public_id)


@pytest.mark.parametrize("role", [Role.PROVINCIAL_LEADER, Role.AUDITOR])
def test_who_only_looks_has_no_paper_made(role: Role, scene: Scene) -> None:
    dossier = received(scene)
    FormOrder.objects.update(state=FormOrderState.PARKED, attempt=5, reason="Thiếu kết quả")
    again = address(dossier, "office_form_again", FormOrder.objects.get().public_id)
    slip = address(dossier, "office_control_slip")
    client = signed_in(scene.officer(role))

    shown = client.get(address(dossier)).content.decode()
    answers = [client.post(one).status_code for one in (slip, again)]

    assert slip not in shown
    assert set(answers) <= {403, 404}
    assert not IssuedForm.objects.exists()
    assert FormOrder.objects.get().state == FormOrderState.PARKED


def test_what_could_not_be_made_says_why_and_is_tried_again(scene: Scene) -> None:
    dossier = received(scene)
    client = signed_in(scene.officer())
    FormOrder.objects.update(state=FormOrderState.PARKED, attempt=5, reason="Thiếu kết quả")
    order = FormOrder.objects.get()

    said = client.get(address(dossier)).content.decode()
    client.post(address(dossier, "office_form_again", order.public_id))

    assert "Thiếu kết quả" in said
    order.refresh_from_db()
    assert order.state != FormOrderState.PARKED


def test_papers_of_other_units_do_not_exist(scene: Scene) -> None:
    dossier = received(scene)
    make_forms(now=FRIDAY + timedelta(hours=2))
    form = IssuedForm.objects.select_related("document").get()
    other = OfficialFactory()
    GrantFactory(official=other, role="case_officer", unit=other.agency.unit)
    client = signed_in(other.user)

    assert client.get(address(dossier, "office_issued", form.document.public_id)).status_code == 404
    assert client.post(address(dossier, "office_control_slip")).status_code == 404


def test_the_log_is_of_an_agency_and_its_days(scene: Scene) -> None:
    dossier = received(scene)
    client = signed_in(scene.officer())
    days = {"agency": dossier.competent.code, "since": "2026-11-20", "until": "2026-11-20"}
    page = reverse("admin:office_log")

    assert dossier.code in client.get(page, days).content.decode()
    earlier = days | {"since": "2026-11-01", "until": "2026-11-19"}
    assert dossier.code not in client.get(page, earlier).content.decode()
    assert client.get(page, {"since": "nonsense", "until": "31/12"}).status_code == 200


def test_a_log_is_sealed_and_given_out_again_as_it_was_drawn_up(
    scene: Scene, tmp_path: Path
) -> None:
    require_poppler()
    dossier = received(scene)
    client = signed_in(scene.officer())
    days = {"agency": dossier.competent.code, "since": "2026-11-20", "until": "2026-11-20"}

    back = client.post(reverse("admin:office_log_keep"), days)

    book = LogBook.objects.get()
    assert (book.row_count, book.left_count, book.form_version) == (1, 0, "TT 03/2025/TT-VPCP")
    file = reverse("admin:office_log_file", args=[book.public_id])
    assert file in client.get(back["Location"]).content.decode()
    step(dossier, Action.START_PROCESSING, scene.officer())  # changes the live log, not the kept
    with time_machine.travel(FRIDAY + timedelta(days=9), tick=False):
        sweep_files(now=clock.now())
    answer = client.get(file)
    path = tmp_path / "log.pdf"
    path.write_bytes(answer.content)
    assert answer["Content-Type"] == "application/pdf"
    assert hashlib.sha256(answer.content).hexdigest() == book.sha256
    assert "Signature is Valid." in signature_of(path)
    words = text_of(path)
    for word in ("thoại", "trì", "Cách", "Ký", "0505"):  # cells are narrow, their words torn
        assert word in words
    assert scene.citizen.given_name in words


def test_nobody_of_another_unit_gets_a_kept_log(scene: Scene) -> None:
    received(scene)
    client = signed_in(scene.officer())
    client.post(reverse("admin:office_log_keep"), {"since": "2026-11-20", "until": "2026-11-20"})
    file = reverse("admin:office_log_file", args=[LogBook.objects.get().public_id])
    other = OfficialFactory()
    GrantFactory(official=other, role="case_officer", unit=other.agency.unit)

    assert client.get(file).status_code == 200
    assert signed_in(other.user).get(file).status_code == 404
