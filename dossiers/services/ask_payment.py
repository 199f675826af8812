"""A fee is asked for, paid and no longer to be paid: what steps of the table do to payments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from dossiers.enums import PaymentState, PaymentWay
from dossiers.models import Dossier, DossierEvent, Payment
from dossiers.payments.fees import basis_of, due_payment, fee_choices, open_vnd
from dossiers.payments.references import new_reference
from dossiers.services.tell import tell_applicant
from portal.common.errors import RefusedError


def ask_payment(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    """Make the payment of what the dossier's fee leaves open, and say so to the applicant.

    RefusedError where the fee is unknown, nothing is to be paid, or all of it is paid.
    """
    payment = _owed(dossier, now)
    tell_applicant(
        dossier=dossier,
        event=event,
        topic="payment_requested",
        now=now,
        amount=told_amount(payment.amount_vnd),
    )


def ask_with_result(dossier: Dossier, now: datetime) -> dict[str, Any] | None:
    """Ask for what a decided dossier still leaves open; return the amount as messages say it.

    None where all is paid, or where the fee is unknown. The result is handed over once it is paid,
    and no clock waits for that any more.
    """
    return told_amount(_owed(dossier, now).amount_vnd) if open_vnd(dossier) else None


def _owed(dossier: Dossier, now: datetime) -> Payment:
    left = open_vnd(dossier)
    if left is None:
        raise RefusedError(_("The catalogue names no fee here: choose the one that applies first."))
    if left == 0:
        raise RefusedError(_("There is nothing to pay for this dossier."))
    return Payment.objects.create(
        dossier=dossier,
        amount_vnd=left,
        basis=basis_of(dossier, fee_choices(dossier))[:60],
        reference=new_reference(),
        asked_at=now,
    )


def take_late_payment(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    """Settle the payment of a decided dossier; make it where a counter takes what nobody asked for.

    RefusedError as of `ask_payment`.
    """
    was_transferred = event.official is None
    if not was_transferred and due_payment(dossier) is None:
        _owed(dossier, now)
    settle_payment(dossier, event, now)


def settle_payment(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    """Say that the fee is paid; where no transfer settled it, it was paid at the counter.

    The receipt's number is then the step's note, else the payment's own reference.
    """
    payment = Payment.objects.filter(dossier=dossier).order_by("-pk").first()
    if payment is None:
        return
    if payment.state == PaymentState.DUE:
        payment.state, payment.way = PaymentState.PAID, PaymentWay.COUNTER
        payment.paid_at, payment.official = now, event.official
        payment.receipt_number = event.note[:40] or payment.reference
        payment.version += 1
        payment.save()
    tell_applicant(
        dossier=dossier,
        event=event,
        topic="payment_received",
        now=now,
        amount=told_amount(payment.amount_vnd),
    )


def cancel_payments(dossier: Dossier) -> None:
    """Ask for nothing more: the dossier ended. Money that still comes is kept for a person."""
    for payment in Payment.objects.filter(dossier=dossier, state=PaymentState.DUE):
        payment.state = PaymentState.CANCELLED
        payment.version += 1
        payment.save(update_fields=["state", "version"])


def told_amount(amount_vnd: int) -> dict[str, Any]:
    """Return an amount as messages say it in either language."""
    english = f"{amount_vnd:,}"
    return {"vi": f"{english.replace(',', '.')} đ", "en": f"{english} đ"}
