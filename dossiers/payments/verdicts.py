"""What money is for: one payment, one amount, one verdict."""

from __future__ import annotations

from dossiers.enums import NoticeVerdict, PaymentState, Status
from dossiers.models import Payment

# With the result of a decided dossier its fee may still be open; afterwards it may not.
PAYABLE = (Status.PAYMENT_REQUESTED, Status.DONE)


def verdict_on(payment: Payment | None, status: Status | None, amount_vnd: int) -> NoticeVerdict:
    """Return what becomes of `amount_vnd` that names this fee of a dossier in `status`.

    Only the very amount of a fee that is due settles it; a person looks at everything else.
    """
    if payment is None:
        return NoticeVerdict.UNKNOWN
    if payment.state in (PaymentState.PAID, PaymentState.REFUNDED):
        return NoticeVerdict.DUPLICATE
    if payment.state == PaymentState.CANCELLED or status not in PAYABLE:
        return NoticeVerdict.ENDED
    if amount_vnd != payment.amount_vnd:
        is_less = amount_vnd < payment.amount_vnd
        return NoticeVerdict.LESS if is_less else NoticeVerdict.MORE
    return NoticeVerdict.MATCHED
