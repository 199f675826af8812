"""A fee that nobody asked for before the decision: asked with the result, paid before it."""

from __future__ import annotations

import pytest

from citizens.enums import Role
from citizens.models import User
from dossiers.enums import Action, Actor, FormKind, NoticeVerdict, PaymentState, PaymentWay, Status
from dossiers.models import Dossier, Payment
from dossiers.selectors.issued_forms import forms_for_people
from dossiers.selectors.papers import repository_of
from dossiers.services import advance
from dossiers.services.choose_fee import take_fee
from dossiers.services.make_forms import make_forms
from dossiers.services.return_online import returned_online
from notifications.models import Message
from portal.common.errors import RefusedError
from tests.dossiers.payment_scene import TUESDAY, asked, tell
from tests.dossiers.scene import FRIDAY, Scene, pay_fee, renewal, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return renewal()


def decided(scene: Scene, **changes: object) -> Dossier:
    """Return the scene's dossier, approved without anybody having asked for its fee."""
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    dossier = step(dossier, Action.START_PROCESSING, scene.officer())
    if changes:
        Dossier.objects.update(**changes)
    return step(dossier, Action.APPROVE, scene.officer())


def test_the_message_of_the_decision_asks_and_the_result_waits_for_the_money(scene: Scene) -> None:
    dossier = decided(scene)

    payment = Payment.objects.get()
    assert (payment.state, payment.amount_vnd) == (PaymentState.DUE, 135_000)
    told = Message.objects.get(topic="dossier_approved")
    assert told.params["amount"] == {"vi": "135.000 đ", "en": "135,000 đ"}
    make_forms(now=FRIDAY)
    assert FormKind.RESULT not in _kinds(dossier, scene)
    assert not repository_of(parties=[scene.citizen.pk]).filter(title_vi=_title(dossier)).exists()
    receptionist = scene.officer(Role.RECEPTIONIST)
    with pytest.raises(RefusedError, match=r"135\.000"):
        _hand_over(dossier, receptionist)
    with pytest.raises(RefusedError):
        returned_online(dossier=dossier, now=FRIDAY)

    notice = tell("FT1", payment.reference)

    dossier.refresh_from_db()
    payment.refresh_from_db()
    assert (notice.verdict, payment.way) == (NoticeVerdict.MATCHED, PaymentWay.BANK_TRANSFER)
    last = dossier.events.latest("pk")
    assert (last.action, last.actor_role) == (Action.CONFIRM_PAYMENT, Actor.SYSTEM)
    assert (dossier.status, dossier.finished_at) == (Status.DONE, FRIDAY)
    assert Message.objects.filter(topic="payment_received").count() == 1
    assert FormKind.RESULT in _kinds(dossier, scene)
    assert repository_of(parties=[scene.citizen.pk]).filter(title_vi=_title(dossier)).exists()
    assert returned_online(dossier=dossier, now=TUESDAY)
    assert tell("FT2", payment.reference).verdict == NoticeVerdict.DUPLICATE


def test_it_is_paid_at_the_counter_where_the_result_is_fetched(scene: Scene) -> None:
    dossier = decided(scene)
    receptionist = scene.officer(Role.RECEPTIONIST)

    dossier = _take(dossier, receptionist, "BL-0007")

    payment = Payment.objects.get()
    assert (payment.state, payment.way) == (PaymentState.PAID, PaymentWay.COUNTER)
    assert payment.receipt_number == "BL-0007"
    with pytest.raises(RefusedError, match=r"không phải nộp|nothing to pay"):
        _take(dossier, receptionist, "BL-0008")
    assert Message.objects.filter(topic="payment_received").count() == 1
    assert _hand_over(dossier, receptionist).status == Status.RETURNED


@pytest.mark.parametrize("fee", [0, None], ids=["free of charge", "unknown"])
def test_nothing_is_asked_where_nothing_is_known_to_be_open(fee: int | None, scene: Scene) -> None:
    dossier = decided(scene, fee_vnd=fee)

    assert not Payment.objects.exists()
    assert Message.objects.get(topic="dossier_approved").params["amount"] is None
    assert _hand_over(dossier, scene.officer(Role.RECEPTIONIST)).status == Status.RETURNED


def test_what_was_paid_before_is_not_asked_again(scene: Scene) -> None:
    dossier, payment = asked(scene)
    dossier = pay_fee(dossier)
    dossier = step(dossier, Action.APPROVE, scene.officer())

    assert list(Payment.objects.all()) == [payment]
    assert _hand_over(dossier, scene.officer(Role.RECEPTIONIST)).status == Status.RETURNED


def _take(dossier: Dossier, user: User, receipt: str) -> Dossier:
    return take_fee(
        dossier=dossier, user=user, version=dossier.version, case="", receipt=receipt, now=FRIDAY
    )


def _kinds(dossier: Dossier, scene: Scene) -> set[str]:
    forms = forms_for_people(dossier=dossier, reader=scene.citizen)
    return set(forms.values_list("kind", flat=True))


def _title(dossier: Dossier) -> str:
    return dossier.issued_forms.get(kind=FormKind.RESULT).document.title_vi


def _hand_over(dossier: Dossier, user: User) -> Dossier:
    return advance(
        dossier=dossier,
        action=Action.RETURN_RESULT,
        user=user,
        version=dossier.version,
        now=FRIDAY,
    )
