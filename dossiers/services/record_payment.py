"""Money that a bank calls in: kept first, then matched to a fee under lock; a repeat is nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dossiers.enums import Action, NoticeVerdict, PaymentState, PaymentWay, Status
from dossiers.models import Dossier, Payment, PaymentNotice
from dossiers.payments.gateways import Call
from dossiers.payments.references import reference_in
from dossiers.payments.verdicts import verdict_on
from dossiers.services.advance import advance


@transaction.atomic
def record_payment(*, gateway: str, call: Call, now: datetime) -> PaymentNotice:
    """Keep what the gateway says and return it with its verdict.

    The same transaction told again changes nothing. The very amount of a fee that is due settles
    it: the payment is paid, the dossier goes on and its clock runs again. Everything else is kept
    with its verdict until an official settles it.
    """
    notice, is_new = PaymentNotice.objects.get_or_create(
        gateway=gateway,
        transaction=call.transaction,
        defaults={
            "reference": reference_in(call.content),
            "content": call.content,
            "amount_vnd": call.amount_vnd,
            "paid_at": call.paid_at,
            "verdict": NoticeVerdict.UNKNOWN,
        },
    )
    if is_new:
        _match(notice, now)
    return notice


def _match(notice: PaymentNotice, now: datetime) -> None:
    payment = locked_payment(notice.reference)
    status = Status(payment.dossier.status) if payment else None
    notice.payment, notice.verdict = payment, verdict_on(payment, status, notice.amount_vnd)
    notice.save(update_fields=["payment", "verdict"])
    if payment is not None and notice.verdict == NoticeVerdict.MATCHED:
        settle_by(notice, payment, now)


def locked_payment(reference: str) -> Payment | None:
    """Return the payment of a reference with its dossier locked, None where there is none.

    The dossier is locked before the payment, as every step of the table does.
    """
    found = Payment.objects.filter(reference=reference).first() if reference else None
    if found is None:
        return None
    dossier = Dossier.objects.select_for_update(of=("self",)).get(pk=found.dossier_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=found.pk)
    payment.dossier = dossier
    return payment


def settle_by(notice: PaymentNotice, payment: Payment, now: datetime) -> None:
    """Say that this money paid the (locked, due) payment, and let its dossier go on."""
    payment.state, payment.way = PaymentState.PAID, PaymentWay.BANK_TRANSFER
    payment.gateway, payment.transaction = notice.gateway, notice.transaction
    payment.paid_at = now
    payment.version += 1
    payment.save()
    advance(
        dossier=payment.dossier,
        action=Action.CONFIRM_PAYMENT,
        user=None,
        version=payment.dossier.version,
        now=now,
    )
