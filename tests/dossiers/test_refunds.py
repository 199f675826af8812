"""Money goes back by two officials; money that fits nothing is settled by a person; sums add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from citizens.enums import Role
from citizens.models import Unit
from dossiers.enums import NoticeVerdict, PaymentState, PaymentWay, Status
from dossiers.models import Payment, PaymentNotice
from dossiers.payments.lists import day_sums, payments_in
from dossiers.services.refund_payment import ask_refund, confirm_refund
from dossiers.services.settle_notice import assign_notice, return_notice
from portal.common import clock
from portal.common.errors import RefusedError
from tests.dossiers.payment_scene import TUESDAY, asked, tell
from tests.dossiers.scene import FRIDAY, Scene, renewal
from tests.factories.citizens import OfficialFactory, UnitFactory
from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db
LATER = TUESDAY + timedelta(days=3)


def paid(scene: Scene) -> Payment:
    _dossier, payment = asked(scene)
    tell("FT1", payment.reference)
    payment.refresh_from_db()
    return payment


def test_one_asks_and_another_confirms() -> None:
    scene = renewal()
    payment, one, other = paid(scene), scene.officer(), scene.officer(Role.HEAD_OF_UNIT)

    with pytest.raises(RefusedError):
        confirm_refund(payment=payment, user=other, now=LATER)
    with pytest.raises(RefusedError):
        ask_refund(payment=payment, user=one, reason="  ", now=LATER)
    ask_refund(payment=payment, user=one, reason="Nộp hai lần", now=LATER)
    with pytest.raises(RefusedError):
        ask_refund(payment=payment, user=other, reason="Lần nữa", now=LATER)
    with pytest.raises(RefusedError):
        confirm_refund(payment=payment, user=one, now=LATER)
    done = confirm_refund(payment=payment, user=other, now=LATER)

    assert (done.state, done.refund_note, done.refunded_at) == ("refunded", "Nộp hai lần", LATER)
    with pytest.raises(RefusedError):
        confirm_refund(payment=payment, user=other, now=LATER)


def test_the_database_itself_wants_two() -> None:
    scene = renewal()
    payment, one = paid(scene), scene.officer()

    with pytest.raises(IntegrityError, match="payment_refund_by_two"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(refund_asked_by=one, refund_confirmed_by=one)


def test_strangers_and_family_give_nothing_back() -> None:
    scene = renewal()
    payment = paid(scene)
    stranger = OfficialFactory().user
    kin = scene.officer(pin=scene.citizen.pin)

    for user in (stranger, kin):
        with pytest.raises(RefusedError):
            ask_refund(payment=payment, user=user, reason="Vì sao", now=LATER)


# --------------------------------------------------------------------------- what fitted no fee
def test_a_wrong_content_is_assigned_and_the_dossier_goes_on() -> None:
    scene = renewal()
    dossier, payment = asked(scene)
    stray, operator = tell("FT7", "nop le phi"), scene.officer(Role.OPERATOR)

    assign_notice(
        notice=stray,
        user=operator,
        reference=f" {payment.reference.lower()} ",
        note="Người nộp gửi ảnh lệnh chuyển",
        now=LATER,
    )

    dossier.refresh_from_db()
    payment.refresh_from_db()
    stray.refresh_from_db()
    assert (dossier.status, payment.state, payment.transaction) == (4, "paid", "FT7")
    assert (stray.verdict, stray.settled_by, stray.settled_at) == ("assigned", operator, LATER)
    with pytest.raises(RefusedError):
        return_notice(notice=stray, user=operator, note="Lần hai", now=LATER)


def nothing_known(_scene: Scene, _payment: Payment) -> dict[str, object]:
    return {"reference": "DVC2222222222A"}


def too_little(_scene: Scene, payment: Payment) -> dict[str, object]:
    PaymentNotice.objects.update(amount_vnd=payment.amount_vnd - 1)
    return {}


def no_note(_scene: Scene, _payment: Payment) -> dict[str, object]:
    return {"note": " "}


def family(scene: Scene, _payment: Payment) -> dict[str, object]:
    return {"user": scene.officer(Role.OPERATOR, pin=scene.citizen.pin)}


def paid_meanwhile(_scene: Scene, payment: Payment) -> dict[str, object]:
    tell("FT8", payment.reference)
    return {}


@pytest.mark.parametrize("why", [nothing_known, too_little, no_note, family, paid_meanwhile])
def test_what_cannot_be_assigned_stays_open(
    why: Callable[[Scene, Payment], dict[str, object]],
) -> None:
    scene = renewal()
    _dossier, payment = asked(scene)
    stray = tell("FT7", "nop le phi")
    given = {
        "user": scene.officer(Role.OPERATOR),
        "reference": payment.reference,
        "note": "Vì sao",
    } | why(scene, payment)

    with pytest.raises(RefusedError):
        assign_notice(notice=stray, now=LATER, **given)  # type: ignore[arg-type]

    stray.refresh_from_db()
    assert (stray.verdict, stray.settled_at) == (NoticeVerdict.UNKNOWN, None)
    payment.refresh_from_db()
    assert payment.transaction in ("", "FT8")


def test_money_that_went_back_is_noted() -> None:
    scene = renewal()
    dossier, payment = asked(scene)
    stray = tell("FT7", payment.reference, 1000)

    done = return_notice(
        notice=stray, user=scene.officer(Role.OPERATOR), note="UNC 12/2026", now=LATER
    )

    assert (done.verdict, done.note) == (NoticeVerdict.RETURNED, "UNC 12/2026")
    dossier.refresh_from_db()
    assert dossier.status == Status.PAYMENT_REQUESTED


# ------------------------------------------------------------------------------------------- sums
def test_sums_are_what_a_recount_gives() -> None:
    """Forty payments around midnight of two days in two agencies, some given back later."""
    city = UnitFactory(province=True)
    dossiers = [DossierFactory(owner_citizen__unit__parent=city, ledgers=False) for _ in range(2)]
    midnight = FRIDAY.replace(hour=0)
    expected: dict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for place in range(40):
        dossier = dossiers[place % 2]
        at = midnight + timedelta(minutes=place - 20)
        back = at + timedelta(days=place % 3) if place % 5 == 0 else None
        Payment.objects.create(
            dossier=dossier,
            amount_vnd=1000 + place,
            reference=f"R{place}",
            state=PaymentState.REFUNDED if back else PaymentState.PAID,
            way=PaymentWay.COUNTER,
            asked_at=midnight,
            paid_at=at,
            refunded_at=back,
        )
        for moment, shift in ((at, 0), (back, 2)):
            if moment is not None:
                row = expected[clock.civil_date(moment), dossier.competent.name_vi]
                row[shift] += 1
                row[shift + 1] += 1000 + place
    span = {"first": date(2026, 11, 18), "last": date(2026, 11, 25)}

    sums = day_sums(units=Unit.objects.all(), **span)

    assert {
        (one.day, one.agency): [
            one.taken_count, one.taken_vnd, one.returned_count, one.returned_vnd
        ]
        for one in sums
    } == expected  # fmt: skip
    assert payments_in(units=Unit.objects.all(), **span).count() == 40
    assert not day_sums(units=Unit.objects.none(), **span)
    nowhere = {"first": date(2026, 11, 1), "last": date(2026, 11, 2)}
    assert not day_sums(units=Unit.objects.all(), **nowhere)
