"""Fees: asked for, paid by transfer or at the counter, and money that fits nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import permutations

import pytest

from citizens.enums import Role
from dossiers.enums import Action, ClockEventKind, NoticeVerdict, PaymentState, PaymentWay, Status
from dossiers.models import Dossier, Payment, PaymentNotice
from dossiers.services.choose_fee import choose_fee_and_ask
from notifications.models import Message
from portal.common.errors import RefusedError
from tests.dossiers.payment_scene import TUESDAY, asked, tell
from tests.dossiers.scene import FRIDAY, renewal, step
from tests.factories.dossiers import LICENCE, catalogued_version

pytestmark = pytest.mark.django_db


def test_a_fee_is_asked_for_paid_by_transfer_and_the_clock_runs_again() -> None:
    scene = renewal()
    dossier, payment = asked(scene)
    assert (dossier.status, payment.state, payment.amount_vnd) == (6, "due", 135_000)
    assert payment.basis == "37/2023/TT-BTC"

    notice = tell("FT1", f"IBFT {payment.reference.lower()} nop phi")

    dossier.refresh_from_db()
    payment.refresh_from_db()
    assert (notice.verdict, notice.payment) == (NoticeVerdict.MATCHED, payment)
    assert (payment.state, payment.way, payment.transaction, payment.paid_at) == (
        PaymentState.PAID,
        PaymentWay.BANK_TRANSFER,
        "FT1",
        TUESDAY,
    )
    assert (dossier.status, dossier.due_on) == (Status.PROCESSING, date(2026, 12, 1))
    kinds = list(dossier.clock_events.values_list("kind", flat=True))
    assert kinds == [ClockEventKind.START, ClockEventKind.PAUSE, ClockEventKind.RESUME]
    told = Message.objects.filter(topic__in=("payment_requested", "payment_received"))
    assert [row.params["amount"]["vi"] for row in told] == ["135.000 đ", "135.000 đ"]


def unknown(_payment: Payment) -> PaymentNotice:
    return tell("FT1", "nop phi ho so")


def less(payment: Payment) -> PaymentNotice:
    return tell("FT1", payment.reference, 100_000)


def more(payment: Payment) -> PaymentNotice:
    return tell("FT1", payment.reference, 200_000)


@pytest.mark.parametrize(
    ("pay", "verdict"),
    [
        (unknown, NoticeVerdict.UNKNOWN),
        (less, NoticeVerdict.LESS),
        (more, NoticeVerdict.MORE),
    ],
)
def test_other_money_is_kept_and_settles_nothing(
    pay: Callable[[Payment], PaymentNotice], verdict: NoticeVerdict
) -> None:
    dossier, payment = asked(renewal())

    notice = pay(payment)

    dossier.refresh_from_db()
    payment.refresh_from_db()
    assert (notice.verdict, payment.state) == (verdict, PaymentState.DUE)
    assert dossier.status == Status.PAYMENT_REQUESTED


@pytest.mark.parametrize("ending", [Action.WITHDRAW, Action.STOP])
def test_money_after_the_end_is_kept_for_a_person(ending: Action) -> None:
    scene = renewal()
    dossier, payment = asked(scene)
    who = scene.user if ending is Action.WITHDRAW else scene.officer()
    dossier = step(dossier, ending, who, note="Không còn cần")

    notice = tell("FT1", payment.reference)

    payment.refresh_from_db()
    assert (notice.verdict, payment.state) == (NoticeVerdict.ENDED, PaymentState.CANCELLED)
    dossier.refresh_from_db()
    assert dossier.status == (7 if ending is Action.WITHDRAW else 8)


EVENTS = ("first", "again", "other", "counter")


@pytest.mark.parametrize("order", list(permutations(EVENTS)), ids="-".join)
def test_the_same_money_in_any_order_pays_once(order: tuple[str, ...]) -> None:
    """A transfer, its repeat, a second transfer and the counter: one settles, the rest is kept."""
    scene = renewal()
    dossier, payment = asked(scene)
    cashier = scene.officer(Role.RECEPTIONIST)

    for event in order:
        dossier.refresh_from_db()
        if event == "counter":
            if dossier.status == Status.PAYMENT_REQUESTED:
                step(dossier, Action.CONFIRM_PAYMENT, cashier, note="BL-0001")
        else:
            tell("FT2" if event == "other" else "FT1", payment.reference)

    dossier.refresh_from_db()
    payment.refresh_from_db()
    verdicts = sorted(PaymentNotice.objects.values_list("verdict", flat=True))
    by_counter = order[0] == "counter"
    matched = [] if by_counter else [NoticeVerdict.MATCHED]
    assert verdicts == sorted([NoticeVerdict.DUPLICATE] * (2 - len(matched)) + matched)
    assert (payment.state, dossier.status) == (PaymentState.PAID, Status.PROCESSING)
    assert payment.receipt_number == ("BL-0001" if by_counter else "")
    assert dossier.events.filter(action=Action.CONFIRM_PAYMENT).count() == 1


@pytest.mark.parametrize(
    ("fee", "said"), [(None, "không quy định|names no fee"), (0, "không phải nộp|nothing to pay")]
)
def test_no_step_asks_for_a_fee_that_is_free_or_unknown(fee: int | None, said: str) -> None:
    scene = renewal()
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    Dossier.objects.update(fee_vnd=fee)

    with pytest.raises(RefusedError, match=said):
        step(dossier, Action.REQUEST_PAYMENT, scene.officer())

    assert not Payment.objects.exists()


def test_an_official_chooses_among_the_cases_of_the_catalogue() -> None:
    fees = [
        {"amount_vnd": 200_000, "channel": "any", "case_vi": "Thông thường", "basis": "A"},
        {"amount_vnd": 400_000, "channel": "any", "case_vi": "Hỏng hoặc mất", "basis": "B"},
    ]
    catalogued_version(LICENCE, fees=fees)
    scene = renewal()
    dossier = step(scene.submit(), Action.RECEIVE, scene.officer())
    assert dossier.fee_vnd == 200_000
    officer = scene.officer()

    def choose(case: str) -> Dossier:
        return choose_fee_and_ask(
            dossier=dossier, user=officer, version=dossier.version, case=case, now=FRIDAY
        )

    with pytest.raises(RefusedError):
        choose("Không có trong danh mục")
    dossier = choose("Hỏng hoặc mất")

    payment = Payment.objects.get()
    assert (dossier.fee_vnd, payment.amount_vnd, payment.basis) == (400_000, 400_000, "B")


def test_what_was_paid_is_not_asked_for_twice() -> None:
    scene = renewal()
    dossier, payment = asked(scene)
    tell("FT1", payment.reference)
    dossier.refresh_from_db()

    with pytest.raises(RefusedError):
        step(dossier, Action.REQUEST_PAYMENT, scene.officer())
