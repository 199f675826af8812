"""Money goes back: one official asks with a reason, another one confirms that it was sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.enums import PaymentState
from dossiers.models import Payment
from dossiers.selectors import actors_of
from portal.common import clock
from portal.common.errors import RefusedError

LONGEST_REASON = 500


@transaction.atomic
def ask_refund(*, payment: Payment, user: User, reason: str, now: datetime) -> Payment:
    """Note why a paid fee should go back; RefusedError where it may not, or without a reason."""
    row = _locked(payment, user, now)
    told = " ".join(reason.split())
    if not told or len(told) > LONGEST_REASON:
        raise RefusedError(_("Please give the reason for the refund, in at most 500 characters."))
    if row.refund_asked_at is not None:
        raise RefusedError(_("A refund was asked for already; another official has to confirm it."))
    row.refund_note, row.refund_asked_by, row.refund_asked_at = told, user, now
    return _saved(row)


@transaction.atomic
def confirm_refund(*, payment: Payment, user: User, now: datetime) -> Payment:
    """Say that the money was sent back; RefusedError for whoever asked for it themselves."""
    row = _locked(payment, user, now)
    if row.refund_asked_at is None:
        raise RefusedError(_("Nobody has asked for a refund of this fee."))
    if row.refund_asked_by_id == user.pk:
        raise RefusedError(_("Another official has to confirm the refund."))
    row.state, row.refund_confirmed_by, row.refunded_at = PaymentState.REFUNDED, user, now
    return _saved(row)


def _locked(payment: Payment, user: User, now: datetime) -> Payment:
    row = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    if not actors_of(dossier=row.dossier, user=user, day=clock.civil_date(now)):
        raise RefusedError(_("You may not take this step for this dossier."))
    if row.state != PaymentState.PAID:
        raise RefusedError(_("Only a fee that was paid can be given back."))
    return row


def _saved(row: Payment) -> Payment:
    row.version += 1
    row.save()
    return row
