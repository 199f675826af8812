"""Fees at the desk: asked for, taken, given back, listed; and money that fits no fee."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from dossiers.enums import Action, FormKind, NoticeVerdict, PaymentState, Status
from dossiers.models import Dossier, FormOrder, Payment
from tests.dossiers.payment_scene import asked, tell
from tests.dossiers.scene import FRIDAY, bring_papers, renewal, step
from tests.factories.dossiers import LICENCE, catalogued_version
from tests.office.places import Place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
CASES = [
    {"amount_vnd": 200_000, "channel": "any", "case_vi": "Thông thường"},
    {"amount_vnd": 400_000, "channel": "any", "case_vi": "Hỏng hoặc mất"},
]


@pytest.fixture
def friday() -> Any:
    """A Friday morning."""
    with time_machine.travel(FRIDAY, tick=False):
        yield


def page_of(dossier: Dossier) -> str:
    return reverse("admin:office_dossier", args=[dossier.public_id])


def press(client: Client, name: str, row: Dossier | Payment, **fields: Any) -> str:
    address = reverse(f"admin:{name}", args=[row.public_id])
    answer = client.post(address, {"version": getattr(row, "version", 0)} | fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("friday")
def test_from_the_question_to_the_receipt_at_the_counter() -> None:
    scene = renewal()
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    client = signed_in(scene.officer(Role.RECEPTIONIST))
    assert reverse("admin:office_fee_ask", args=[dossier.public_id]) in (
        client.get(page_of(dossier)).content.decode()
    )

    shown = press(client, "office_fee_ask", dossier)

    dossier.refresh_from_db()
    payment = Payment.objects.get()
    assert (dossier.status, payment.state) == (Status.PAYMENT_REQUESTED, PaymentState.DUE)
    assert payment.reference in shown

    press(client, "office_fee_paid", dossier, receipt=" BL 0000123 ")
    press(client, "office_fee_paid", dossier, receipt="BL 0000999")

    payment.refresh_from_db()
    dossier.refresh_from_db()
    assert (payment.state, payment.way, payment.receipt_number) == ("paid", "counter", "BL 0000123")
    assert dossier.status == Status.PROCESSING


@pytest.mark.usefixtures("friday")
def test_a_fee_that_nobody_asked_for_is_taken_after_the_decision_and_once() -> None:
    scene = renewal()
    dossier = scene.submit()
    bring_papers(dossier)
    for action in (Action.RECEIVE, Action.START_PROCESSING, Action.APPROVE):
        dossier = step(dossier, action, scene.officer())
    client = signed_in(scene.officer(Role.RECEPTIONIST))
    assert "Ghi nhận khoản thu tại đây." in client.get(page_of(dossier)).content.decode()

    press(client, "office_fee_paid", dossier, receipt="BL 7")

    payment = Payment.objects.get()
    assert (payment.state, payment.amount_vnd) == (PaymentState.PAID, dossier.fee_vnd)
    assert payment.receipt_number == "BL 7"
    dossier.refresh_from_db()
    assert dossier.status == Status.DONE
    assert FormOrder.objects.filter(dossier=dossier, kind=FormKind.FEE_RECEIPT).count() == 1
    shown = client.get(page_of(dossier)).content.decode()
    assert reverse("admin:office_fee_paid", args=[dossier.public_id]) not in shown

    # Pressed once more, nothing is owed
    press(client, "office_fee_paid", dossier, receipt="BL 8")
    assert Payment.objects.count() == 1


@pytest.mark.usefixtures("friday")
def test_the_official_chooses_where_the_catalogue_has_several_fees() -> None:
    catalogued_version(LICENCE, fees=CASES)
    scene = renewal()
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    client = signed_in(scene.officer())
    assert "Hỏng hoặc mất" in client.get(page_of(dossier)).content.decode()

    press(client, "office_fee_ask", dossier, case="Hỏng hoặc mất")

    assert Payment.objects.get().amount_vnd == 400_000


@pytest.mark.usefixtures("friday")
@pytest.mark.parametrize(("fee", "is_offered"), [(0, False), (135_000, True)])
def test_what_is_free_offers_no_step(fee: int, is_offered: bool) -> None:
    scene = renewal()
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    Dossier.objects.update(fee_vnd=fee)

    shown = signed_in(scene.officer()).get(page_of(dossier)).content.decode()

    ask = reverse("admin:office_fee_ask", args=[dossier.public_id])
    assert (ask in shown) is is_offered


@pytest.mark.usefixtures("friday")
def test_a_refund_takes_two_officials() -> None:
    scene = renewal()
    _dossier, payment = asked(scene)
    tell("FT1", payment.reference)
    one, other = signed_in(scene.officer()), signed_in(scene.officer(Role.HEAD_OF_UNIT))

    press(one, "office_refund", payment, press="ask", reason="Nộp thừa")
    press(one, "office_refund", payment, press="confirm")
    payment.refresh_from_db()
    assert payment.state == PaymentState.PAID
    press(other, "office_refund", payment, press="confirm")

    payment.refresh_from_db()
    assert (payment.state, payment.refund_note) == (PaymentState.REFUNDED, "Nộp thừa")


@pytest.mark.usefixtures("friday")
def test_money_that_fits_nothing_is_settled_by_whoever_looks_after_it() -> None:
    scene = renewal()
    dossier, payment = asked(scene)
    stray = tell("FT7", "nop le phi")
    desk, act = (
        reverse("admin:office_stray_money"),
        reverse("admin:office_stray_money_settle", args=[stray.pk]),
    )
    given = {"press": "assign", "reference": payment.reference, "note": "Ảnh lệnh chuyển"}
    officer = signed_in(scene.officer(Role.CASE_OFFICER))
    local = signed_in(scene.officer(Role.OPERATOR, unit=scene.commune))
    for client in (officer, local):
        assert client.get(desk).status_code == 403
        assert client.post(act, given).status_code == 403

    operator, first = signed_in(scene.officer(Role.OPERATOR)), reverse("admin:index")
    assert "nop le phi" in operator.get(desk).content.decode()
    assert "1 khoản tiền chưa khớp" in operator.get(first).content.decode()
    for client in (officer, local):
        assert "khoản tiền chưa khớp" not in client.get(first).content.decode()
    operator.post(act, given)
    assert "khoản tiền chưa khớp" not in operator.get(first).content.decode()

    stray.refresh_from_db()
    dossier.refresh_from_db()
    assert (stray.verdict, dossier.status) == (NoticeVerdict.ASSIGNED, Status.PROCESSING)
    assert "Ảnh lệnh chuyển" in operator.get(desk).content.decode()


def _fee(dossier: Dossier, reference: str) -> Payment:
    payment: Payment = Payment.objects.create(
        dossier=dossier,
        amount_vnd=123_000,
        reference=reference,
        state=PaymentState.PAID,
        way="counter",
        receipt_number="=1+1",
        asked_at=dossier.submitted_at,
        paid_at=dossier.submitted_at,
    )
    return payment


def test_lists_and_files_show_fees_of_the_own_units_only(here: Place, elsewhere: Place) -> None:
    mine, foreign = _fee(here.dossier, "DVCHERE"), _fee(elsewhere.dossier, "DVCTHERE")
    client = signed_in(here.user)

    for name in ("office_payments", "office_payments_file", "office_payments_sums"):
        said = client.get(reverse(f"admin:{name}")).content.decode()
        assert foreign.reference not in said
        assert elsewhere.agency.name_vi not in said
        assert here.agency.name_vi in said
    listed = client.get(reverse("admin:office_payments_file")).content.decode()
    assert mine.reference in listed
    assert "'=1+1" in listed  # no cell is taken for a formula (F27)
    foreign_act = reverse("admin:office_refund", args=[foreign.public_id])
    assert client.post(foreign_act, {"press": "ask", "reason": "x"}).status_code == 404


@pytest.mark.parametrize("span", ["since=x&until=y", "since=2030-01-01&until=2020-01-01", "since="])
def test_odd_days_are_no_error(here: Place, span: str) -> None:
    client = signed_in(here.user)

    assert client.get(f"{reverse('admin:office_payments')}?{span}").status_code == 200


@pytest.mark.usefixtures("friday")
def test_a_fee_that_nobody_asked_for_is_told_beside_the_press() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    client, said = signed_in(officer), "Chưa thu lệ phí"
    assert said not in client.get(page_of(dossier)).content.decode()

    dossier = step(dossier, Action.START_PROCESSING, officer)
    assert said in client.get(page_of(dossier)).content.decode()

    press(client, "office_fee_ask", dossier)
    dossier.refresh_from_db()
    press(client, "office_fee_paid", dossier)
    assert said not in client.get(page_of(dossier)).content.decode()


@pytest.mark.usefixtures("friday")
def test_a_decided_dossier_says_that_its_fee_is_to_be_paid_before_the_result() -> None:
    scene = renewal()
    officer = scene.officer(Role.CASE_OFFICER)
    dossier = step(scene.submit(), Action.RECEIVE, officer)
    for action in (Action.START_PROCESSING, Action.APPROVE):
        dossier = step(dossier, action, officer)

    assert "Chưa nộp lệ phí" in signed_in(officer).get(page_of(dossier)).content.decode()
