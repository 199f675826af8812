"""An official decides about money that fitted no fee: to which it belongs, or that it went back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.enums import NoticeVerdict, PaymentState
from dossiers.models import PaymentNotice
from dossiers.payments.verdicts import PAYABLE
from dossiers.selectors import is_own_family
from dossiers.services.record_payment import locked_payment, settle_by
from portal.common import clock
from portal.common.errors import RefusedError

STRAY = (
    NoticeVerdict.UNKNOWN,
    NoticeVerdict.LESS,
    NoticeVerdict.MORE,
    NoticeVerdict.DUPLICATE,
    NoticeVerdict.ENDED,
)
LONGEST_NOTE = 500


@transaction.atomic
def assign_notice(
    *, notice: PaymentNotice, user: User, reference: str, note: str, now: datetime
) -> PaymentNotice:
    """Let this money pay the fee of `reference`; the dossier goes on as if it had said so itself.

    RefusedError where no such fee is due, the money is too little, or the dossier is the official's
    own or their family's. What is more than the fee goes back; the note says how.
    """
    row = _open(notice)
    payment = locked_payment(reference.strip().upper())
    if payment is None:
        raise RefusedError(_("No fee has this reference."))
    if is_own_family(dossier=payment.dossier, user=user, day=clock.civil_date(now)):
        raise RefusedError(_("Nobody decides for themselves or their family."))
    is_due = payment.state == PaymentState.DUE
    if not is_due or payment.dossier.status not in PAYABLE:
        raise RefusedError(_("This fee is not to be paid any more."))
    if row.amount_vnd < payment.amount_vnd:
        raise RefusedError(_("This money is less than the fee: send it back."))
    row.payment = payment
    _settle(row, NoticeVerdict.ASSIGNED, user, note, now)
    settle_by(row, payment, now)
    return row


@transaction.atomic
def return_notice(*, notice: PaymentNotice, user: User, note: str, now: datetime) -> PaymentNotice:
    """Note that the money went back to who sent it; the note says by which document."""
    row = _open(notice)
    _settle(row, NoticeVerdict.RETURNED, user, note, now)
    return row


def _open(notice: PaymentNotice) -> PaymentNotice:
    row = PaymentNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if row.verdict not in STRAY:
        raise RefusedError(_("This money was settled already."))
    return row


def _settle(
    row: PaymentNotice, verdict: NoticeVerdict, user: User, note: str, now: datetime
) -> None:
    told = " ".join(note.split())
    if not told or len(told) > LONGEST_NOTE:
        raise RefusedError(_("Please write a note, in at most 500 characters."))
    row.verdict, row.note, row.settled_by, row.settled_at = verdict, told, user, now
    row.save()
