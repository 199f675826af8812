"""Fees that are due, paid and given back, and what payment gateways called in about them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.models import User
from dossiers.enums import NoticeVerdict, PaymentState, PaymentWay
from dossiers.models.dossiers import Dossier
from portal.common.models import Versioned, public_id, recorded_at

PAYMENT_STATES = [
    (PaymentState.DUE, _("To be paid")),
    (PaymentState.PAID, _("Paid")),
    (PaymentState.REFUNDED, _("Refunded")),
    (PaymentState.CANCELLED, _("No longer to be paid")),
]
PAYMENT_WAYS = [
    (PaymentWay.BANK_TRANSFER, _("By transfer")),
    (PaymentWay.COUNTER, _("At the counter")),
]
VERDICTS = [
    (NoticeVerdict.MATCHED, _("Settled a fee")),
    (NoticeVerdict.UNKNOWN, _("Names no fee that is known")),
    (NoticeVerdict.LESS, _("Less than the fee")),
    (NoticeVerdict.MORE, _("More than the fee")),
    (NoticeVerdict.DUPLICATE, _("The fee was paid already")),
    (NoticeVerdict.ENDED, _("The fee is no longer to be paid")),
    (NoticeVerdict.ASSIGNED, _("Assigned to a fee by an official")),
    (NoticeVerdict.RETURNED, _("Sent back to the payer")),
]


class Payment(Versioned):
    """A fee of a dossier: the amount as the catalogue had it when filed, and how it was settled.

    `reference` is what a transfer names; `transaction` is the gateway's own number. Giving money
    back takes two officials: one asks with a reason, another confirms.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="payments")
    amount_vnd = models.PositiveIntegerField(_("amount (đ)"))
    basis = models.CharField(_("by"), max_length=60, blank=True, default="")
    reference = models.CharField(_("reference"), max_length=24, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=PAYMENT_STATES, default=PaymentState.DUE
    )
    way = models.CharField(_("way"), max_length=16, choices=PAYMENT_WAYS, blank=True, default="")
    gateway = models.CharField(_("gateway"), max_length=40, blank=True, default="")
    transaction = models.CharField(_("transaction"), max_length=80, blank=True, default="")
    receipt_number = models.CharField(_("receipt"), max_length=40, blank=True, default="")
    asked_at = models.DateTimeField(_("asked at"))
    paid_at = models.DateTimeField(_("paid at"), null=True)
    official = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    refund_note = models.CharField(_("refund note"), max_length=500, blank=True, default="")
    refund_asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    refund_asked_at = models.DateTimeField(_("refund asked at"), null=True)
    refund_confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    refunded_at = models.DateTimeField(_("refunded at"), null=True)
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "transaction"],
                condition=~Q(transaction=""),
                name="payment_once_a_transaction",
            ),
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(state=PaymentState.DUE),
                name="payment_one_due",
            ),
            models.CheckConstraint(
                name="payment_refund_by_two",
                condition=Q(refund_confirmed_by__isnull=True)
                | ~Q(refund_confirmed_by=F("refund_asked_by")),
                violation_error_message=_("Another official has to confirm the refund."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.amount_vnd}"


class PaymentNotice(models.Model):
    """What a gateway called in, kept as it came; the verdict says what became of it."""

    gateway = models.CharField(_("gateway"), max_length=40)
    transaction = models.CharField(_("transaction"), max_length=80)
    reference = models.CharField(_("reference"), max_length=24)
    amount_vnd = models.PositiveIntegerField(_("amount (đ)"))
    content = models.CharField(_("content"), max_length=210, blank=True, default="")
    paid_at = models.DateTimeField(_("paid at"), null=True)
    verdict = models.CharField(_("outcome"), max_length=20, choices=VERDICTS)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="notices")
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("call of a payment gateway")
        verbose_name_plural = _("calls of payment gateways")
        constraints = [
            models.UniqueConstraint(fields=["gateway", "transaction"], name="payment_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.transaction}"
