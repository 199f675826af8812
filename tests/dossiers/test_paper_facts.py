"""What stands on each paper of a real dossier, and how Vietnamese papers write days and money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from citizens.enums import Role
from dossiers.documents.facts import Paper, facts_of
from dossiers.documents.words import (
    as_dialled,
    bare_place,
    full_day,
    moments_read,
    money,
    money_in_words,
    weekday_day,
)
from dossiers.enums import Action, Actor, FormKind, PaymentState, PaymentWay, Status
from dossiers.models import (
    Dossier,
    DossierEvent,
    FormOrder,
    IssuedForm,
    Payment,
    Result,
    SupplementRequest,
)
from dossiers.selectors import definition_of
from dossiers.services import advance
from dossiers.services.issue_form import issue_form
from dossiers.services.make_forms import make_forms
from dossiers.services.order_forms import order_forms
from tests.dossiers.scene import FRIDAY, Scene, renewal, step
from tests.factories.dossiers import DossierFactory

HOUR = timedelta(hours=1)
REASON = "Ảnh chân dung bị mờ, đề nghị chụp lại"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (105, "Một trăm linh năm đồng"),
        (1_000, "Một nghìn đồng"),
        (8_000, "Tám nghìn đồng"),
        (25_005, "Hai mươi lăm nghìn không trăm linh năm đồng"),
        (135_000, "Một trăm ba mươi lăm nghìn đồng"),
        (200_000, "Hai trăm nghìn đồng"),
        (1_050_000, "Một triệu không trăm năm mươi nghìn đồng"),
        (2_000_000_000, "Hai tỷ đồng"),
    ],
)
def test_an_amount_in_words(amount: int, words: str) -> None:
    assert money_in_words(amount) == words


def test_days_places_and_figures() -> None:
    assert full_day(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert full_day(date(2026, 11, 26)) == "ngày 26 tháng 11 năm 2026"
    assert weekday_day(date(2026, 11, 22)) == "Chủ nhật, 22/11/2026"
    assert (bare_place("Phường Hải Châu"), bare_place("Đà Nẵng")) == ("Hải Châu", "Đà Nẵng")
    assert money(135_000) == "135.000 đồng"
    assert as_dialled("+84505000001") == "0505 000 001"
    assert as_dialled("+33612345678") == "+33612345678"


def test_no_day_or_hour_stands_as_a_computer_writes_it() -> None:
    told = "BT-2026-10-12, 2026-11-26, 2026-11-26T08:30, 2026-12-07T09:00:00"

    assert moments_read(told) == (
        "BT-2026-10-12, 26/11/2026, 08:30 ngày 26/11/2026, 09:00 ngày 07/12/2026"
    )


def received(scene: Scene) -> Dossier:
    return step(scene.submit(), Action.RECEIVE, scene.officer(), now=FRIDAY + HOUR)


def refused(scene: Scene) -> Dossier:
    return step(scene.submit(), Action.REFUSE_RECEPTION, scene.officer(), note=REASON)


def stopped(scene: Scene) -> Dossier:
    user = scene.officer(Role.CASE_OFFICER)
    dossier = step(received(scene), Action.START_PROCESSING, user, now=FRIDAY + HOUR)
    return step(dossier, Action.STOP, user, now=FRIDAY + 2 * HOUR, note=REASON)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (received, FormKind.RECEIPT),
        (refused, FormKind.REFUSAL),
        (stopped, FormKind.STOP),
    ],
)
def test_a_step_tells_its_paper_what_stands_there(
    made: Callable[[Scene], Dossier], kind: FormKind
) -> None:
    scene = renewal()
    dossier = made(scene)
    order = FormOrder.objects.get(kind=kind)

    said = facts_of(Paper(dossier, kind, order.event, "C" * 20))

    assert said["applicant"] == scene.citizen.full_name
    assert said["code"] == dossier.code
    if kind == FormKind.RECEIPT:
        terms = dict(said["terms"])
        assert terms["Thời gian trả kết quả"] == weekday_day(dossier.due_on)
        assert said["desk"].endswith(dossier.competent.name_vi)
    else:
        assert said["reason"] == REASON
    make_forms(now=FRIDAY + 3 * HOUR)
    assert IssuedForm.objects.filter(kind=kind).count() == 1


def decided(key: str, fields: dict[str, str]) -> tuple[Dossier, DossierEvent]:
    """Return a dossier that was approved by hand, and the step."""
    dossier = DossierFactory(procedure_key=key, processing=True, fields=fields, submitted_at=FRIDAY)
    event = DossierEvent.objects.create(
        dossier=dossier,
        action=Action.APPROVE,
        status_before=Status.PROCESSING,
        status_after=Status.DONE,
        actor_role=Actor.SYSTEM,
        happened_at=FRIDAY + HOUR,
    )
    Result.objects.create(dossier=dossier, name_vi="Giấy khai sinh", decided_on=FRIDAY.date())
    order_forms(dossier=dossier, action=Action.APPROVE, event=event, now=FRIDAY + HOUR)
    return dossier, event


CHILD = {
    "child_surname": "Nguyễn",
    "child_middle_name": "Bé",
    "child_given_name": "Ưu",
    "child_birth_date": "2026-11-01",
    "mother": "Trần Thị Lan, 1995",
    "relation": "Mẹ",
    "copies": "2",
}


@pytest.mark.django_db
def test_a_birth_ends_with_its_certificate_and_a_letter() -> None:
    dossier, event = decided("birth_registration", CHILD)

    letter = facts_of(Paper(dossier, FormKind.CONGRATULATION, event, "C" * 20))
    result = facts_of(Paper(dossier, FormKind.RESULT, event, "C" * 20))

    assert "bé Nguyễn Bé Ưu" in letter["lines"][0]
    rows = dict(result["rows"])
    assert len(rows) == len(result["rows"])
    assert rows["Họ, chữ đệm, tên"] == "NGUYỄN BÉ ƯU"  # never of the owner, who is the mother
    assert not {"Họ của trẻ", "Chữ đệm của trẻ", "Tên của trẻ"} & set(rows)
    assert rows["Người mẹ"] == "Trần Thị Lan, 1995"  # and no more is promised than stands there
    assert rows["Ngày, tháng, năm sinh"] == "01/11/2026"
    assert "Số bản sao đề nghị cấp" not in rows
    assert "quyết định tự động" in result["signer_note"]
    assert make_forms(now=FRIDAY + 2 * HOUR) == 2


@pytest.mark.django_db
def test_a_death_ends_with_a_quiet_letter_and_no_cause() -> None:
    fields = {
        "deceased": "Ông Nguyễn Văn Đức",
        "death_cause": "Bệnh tim",
        "death_place": "Nhà",
        "death_time": "2026-11-20T08:30",
    }
    dossier, event = decided("death_registration", fields)

    letter = facts_of(Paper(dossier, FormKind.CONDOLENCE, event, "C" * 20))
    result = facts_of(Paper(dossier, FormKind.RESULT, event, "C" * 20))

    assert "chia buồn" in letter["lines"][0]
    assert "!" not in "".join(letter["lines"])
    assert "Bệnh tim" not in str(result["rows"])
    assert dict(result["rows"])["Đã chết vào lúc"] == "08:30 ngày 20/11/2026"
    assert not FormOrder.objects.filter(kind=FormKind.CONGRATULATION).exists()
    assert make_forms(now=FRIDAY + 2 * HOUR) == 2


@pytest.mark.django_db
def test_a_paid_fee_has_its_receipt() -> None:
    dossier = DossierFactory(processing=True, submitted_at=FRIDAY)
    Payment.objects.create(
        dossier=dossier,
        amount_vnd=135_000,
        reference="DN0001",
        state=PaymentState.PAID,
        way=PaymentWay.COUNTER,
        receipt_number="BL-1",
        asked_at=FRIDAY,
        paid_at=FRIDAY + HOUR,
    )
    event = DossierEvent.objects.create(
        dossier=dossier,
        action=Action.CONFIRM_PAYMENT,
        status_before=Status.PAYMENT_REQUESTED,
        status_after=Status.PROCESSING,
        actor_role=Actor.SYSTEM,
        happened_at=FRIDAY + HOUR,
    )

    said: dict[str, Any] = facts_of(Paper(dossier, FormKind.FEE_RECEIPT, event, "C" * 20))

    assert (said["amount"], said["number"]) == ("135.000 đồng", "BL-1")
    form = issue_form(dossier=dossier, kind=FormKind.FEE_RECEIPT, user=None, now=FRIDAY + 2 * HOUR)
    assert form.document.title_vi == "Biên lai thu phí, lệ phí"


@pytest.mark.django_db
def test_an_apology_names_the_day_that_was_promised_and_the_new_one() -> None:
    scene = renewal()
    user = scene.officer(Role.CASE_OFFICER, Role.HEAD_OF_UNIT)
    dossier = step(received(scene), Action.START_PROCESSING, user, now=FRIDAY + HOUR)
    promised = dossier.due_on

    dossier = advance(
        dossier=dossier,
        action=Action.EXTEND,
        user=user,
        version=dossier.version,
        note=REASON,
        days=2,
        now=FRIDAY + 2 * HOUR,
    )

    order = FormOrder.objects.get(kind=FormKind.APOLOGY)
    said = facts_of(Paper(dossier, FormKind.APOLOGY, order.event, "C" * 20))
    assert said["promised_on"] == weekday_day(promised)
    assert said["due_on"] == weekday_day(dossier.due_on)
    assert dossier.due_on != promised
    assert said["days"] == "2 ngày làm việc"
    assert make_forms(now=FRIDAY + 3 * HOUR) == 2


@pytest.mark.django_db
def test_a_request_for_papers_names_them_as_the_catalogue_does() -> None:
    scene = renewal()
    dossier = received(scene)
    component = definition_of(dossier=dossier).components[0]

    dossier = advance(
        dossier=dossier,
        action=Action.REQUEST_SUPPLEMENT,
        user=scene.officer(),
        version=dossier.version,
        note=REASON,
        components=[component.code],
        now=FRIDAY + 2 * HOUR,
    )
    if not SupplementRequest.objects.exists():
        SupplementRequest.objects.create(
            dossier=dossier,
            components=[component.code],
            note=REASON,
            asked_at=FRIDAY + 2 * HOUR,
        )

    order = FormOrder.objects.get(kind=FormKind.SUPPLEMENT)
    said = facts_of(Paper(dossier, FormKind.SUPPLEMENT, order.event, "C" * 20))
    assert said["papers"] == [component.name_vi]
    assert make_forms(now=FRIDAY + 3 * HOUR) == 2
