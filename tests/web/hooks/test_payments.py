"""`/payments/<gateway>/`: signed calls count, forged ones leave nothing (F19)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from dossiers.enums import Action, NoticeVerdict, PaymentState, Status
from dossiers.models import Dossier, Payment, PaymentNotice
from dossiers.payments.simulator import signed_call
from notifications.rules.signatures import calling_key, signed_headers
from portal.common import clock
from tests.dossiers.scene import FRIDAY, Scene, renewal, step

pytestmark = pytest.mark.django_db
ADDRESS = "/payments/demo/"


@pytest.fixture
def scene(time_machine: Any) -> Scene:
    time_machine.move_to(FRIDAY, tick=False)
    return renewal()


@pytest.fixture
def payment(scene: Scene) -> Payment:
    """A fee that is due."""
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    step(dossier, Action.REQUEST_PAYMENT, scene.officer())
    return Payment.objects.get()


def post(document: Any, *, address: str = ADDRESS, of: str = "", late: int = 0) -> Any:
    """Call as a bank does that signs, with the key `of` an address."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    key = calling_key(settings.RECEIPT_SECRET, address=of or address)
    headers = signed_headers(body, secret=key, timestamp=int(clock.now().timestamp()) - late)
    client = Client(enforce_csrf_checks=True)
    return client.post(address, body, content_type="application/json", headers=headers)


def told(payment: Payment) -> dict[str, Any]:
    return {"transaction": "FT1", "amount": payment.amount_vnd, "content": payment.reference}


def test_a_signed_call_pays_and_its_repeat_changes_nothing(payment: Payment) -> None:
    first, again = post(told(payment)), post(told(payment))

    assert (first.status_code, again.status_code) == (200, 200)
    payment.refresh_from_db()
    assert (payment.state, PaymentNotice.objects.count()) == (PaymentState.PAID, 1)
    assert Dossier.objects.get().status == Status.PROCESSING


@pytest.mark.parametrize(
    ("of", "late"),
    [("/receipts/sms/", 0), ("/payments/other/", 0), (ADDRESS, 301), (ADDRESS, -301)],
)
def test_what_is_forged_or_stale_leaves_nothing(payment: Payment, of: str, late: int) -> None:
    answer = post(told(payment), of=of, late=late)

    assert (answer.status_code, answer.content) == (401, b"")
    assert not PaymentNotice.objects.exists()


def test_another_amount_under_a_good_signature_is_refused(payment: Payment) -> None:
    body, headers = signed_call(
        address=ADDRESS,
        transaction="FT1",
        content=payment.reference,
        amount_vnd=1,
        now=clock.now(),
    )
    forged = body.replace(b'"amount": 1,', b'"amount": 135000,')
    assert forged != body

    answer = Client().post(ADDRESS, forged, content_type="application/json", headers=headers)

    assert answer.status_code == 401
    assert not PaymentNotice.objects.exists()


@pytest.mark.parametrize("document", [b"{", b"[]", b'"x"', b"\xff", {"amount": 1}, {}])
def test_what_cannot_be_read_is_400(payment: Payment, document: Any) -> None:
    assert post(document).status_code == 400
    assert not PaymentNotice.objects.exists()


def test_another_gateway_is_not_ours(payment: Payment) -> None:
    assert post(told(payment), address="/payments/other/").status_code == 404


def test_money_for_nothing_known_is_kept_and_answered_alike(payment: Payment) -> None:
    answer = post({"transaction": "FT9", "amount": 5, "content": "x"})

    assert answer.status_code == 200
    assert PaymentNotice.objects.get().verdict == NoticeVerdict.UNKNOWN


# ------------------------------------------------------------------------------- the payer's page
def test_the_page_of_the_dossier_shows_every_way_to_pay(
    client: Client, scene: Scene, payment: Payment
) -> None:
    client.force_login(scene.user)
    page = reverse("web:dossier", args=[payment.dossier.public_id])

    shown = client.get(page).content.decode()

    for words in ("135.000", payment.reference, "99900001234", "<svg", scene.agency.name_vi):
        assert words in shown
    assert scene.citizen.full_name not in payment.reference


@pytest.mark.parametrize(
    ("way", "state", "verdict"),
    [("exact", "paid", "matched"), ("less", "due", "less"), ("more", "due", "more")],
)
def test_the_simulated_bank_calls_back_signed(
    client: Client, scene: Scene, payment: Payment, way: str, state: str, verdict: str
) -> None:
    client.force_login(scene.user)
    bank = reverse("web:demo_bank", args=[payment.reference])
    assert payment.reference in client.get(bank).content.decode()

    client.post(bank, {"way": way})

    payment.refresh_from_db()
    assert (payment.state, PaymentNotice.objects.get().verdict) == (state, verdict)


def test_there_is_no_simulated_bank_beside_a_real_one(
    client: Client, payment: Payment, settings: Settings
) -> None:
    settings.PAYMENT_URL = "vietqr://vcb?bin=970436&account=01&holder=KB&bank=VCB"
    bank = reverse("web:demo_bank", args=[payment.reference])

    assert client.get(bank).status_code == 404
    assert client.post(bank, {"way": "exact"}).status_code == 404
    payment.refresh_from_db()
    assert payment.state == PaymentState.DUE
