"""A fee as its payer sees it: how much, for what, and every way to pay it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from dossiers.enums import NoticeVerdict, PaymentState, PaymentWay, Status
from dossiers.models import Dossier, Payment, PaymentNotice
from dossiers.payments import vietqr
from dossiers.payments.gateways import Account, account
from portal.web.presenters.language import either
from procedures.definition.laws import law_name


@dataclass(frozen=True)
class Due:
    """A fee that is to be paid; `account` and `picture` only where one can transfer it."""

    amount_vnd: int
    basis: str
    why: str
    reference: str
    counter: str
    account: Account | None
    picture: SafeString | None
    bank_page: str
    is_paused: bool


@dataclass(frozen=True)
class Settled:
    """A fee of the past: paid or given back, and how."""

    amount_vnd: int
    state: str
    way: str
    number: str
    payment: Payment


@dataclass(frozen=True)
class Stray:
    """Money that arrived and fits no fee; an official settles it, nobody need pay again."""

    amount_vnd: int
    arrived_at: datetime
    why: Any


@dataclass(frozen=True)
class Fees:
    """What templates/web/parts/dossier_payment.html shows."""

    due: Due | None
    settled: list[Settled]
    stray: list[Stray]


_WHY_STRAY: Mapping[str, Any] = {
    NoticeVerdict.LESS: gettext_lazy("It is less than the fee."),
    NoticeVerdict.MORE: gettext_lazy("It is more than the fee."),
    NoticeVerdict.DUPLICATE: gettext_lazy("The fee was paid already."),
    NoticeVerdict.ENDED: gettext_lazy("This fee was no longer to be paid."),
}


def fees_of(dossier: Dossier) -> Fees | None:
    """Return what the page says of the dossier's payments, None when there are none."""
    asked = list(dossier.payments.all())
    payments = [one for one in asked if one.state != PaymentState.CANCELLED]
    stray = _stray(dossier) if asked else []
    if not payments and not stray:
        return None
    due = next((one for one in payments if one.state == PaymentState.DUE), None)
    settled = [_settled(one) for one in payments if one.state != PaymentState.DUE]
    return Fees(_due(due, dossier) if due else None, settled, stray)


def _stray(dossier: Dossier) -> list[Stray]:
    """Return what arrived for the dossier's fees and waits for an official."""
    waiting = PaymentNotice.objects.filter(
        payment__dossier=dossier, verdict__in=_WHY_STRAY, settled_at=None
    )
    return [
        Stray(one.amount_vnd, one.paid_at or one.recorded_at, _WHY_STRAY[one.verdict])
        for one in waiting.order_by("pk")
    ]


def _due(payment: Payment, dossier: Dossier) -> Due:
    ours, version = account(), dossier.procedure_version
    office = dossier.received_at or dossier.competent
    return Due(
        amount_vnd=payment.amount_vnd,
        basis=law_name(payment.basis),
        why=either(version.name_vi, version.name_en),
        reference=payment.reference,
        counter=f"{office.name_vi}, {office.address}" if office.address else office.name_vi,
        account=ours,
        picture=_picture(ours, payment) if ours else None,
        bank_page=_bank_page(ours, payment),
        is_paused=dossier.status == Status.PAYMENT_REQUESTED,
    )


def _picture(ours: Account, payment: Payment) -> SafeString:
    text = vietqr.transfer_text(
        bank=ours.bank_bin,
        account=ours.number,
        amount_vnd=payment.amount_vnd,
        content=payment.reference,
    )
    return vietqr.picture(text)


def _bank_page(ours: Account | None, payment: Payment) -> str:
    is_trial = ours is not None and ours.is_simulated
    return reverse("web:demo_bank", args=[payment.reference]) if is_trial else ""


def _settled(payment: Payment) -> Settled:
    by_bank = payment.way == PaymentWay.BANK_TRANSFER
    return Settled(
        amount_vnd=payment.amount_vnd,
        state=payment.get_state_display(),
        way=payment.get_way_display(),
        number=payment.transaction if by_bank else payment.receipt_number,
        payment=payment,
    )
