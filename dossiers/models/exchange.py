"""What is exchanged with partners: outbox, inbox, who knows which dossier, and differences."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import User
from dossiers.enums import (
    DifferenceKind,
    DifferenceState,
    ExchangeActKind,
    ExchangeKind,
    ExchangeState,
    InboxVerdict,
    Repair,
)
from dossiers.models.dossiers import Dossier
from dossiers.models.ledgers import DossierEvent
from portal.common.models import public_id, recorded_at

EXCHANGE_KINDS = [
    (ExchangeKind.DOSSIER, _("The whole dossier")),
    (ExchangeKind.STEP, _("A step and its status")),
    (ExchangeKind.DATES, _("Dates")),
    (ExchangeKind.REMOVAL, _("That a dossier there goes")),
]
EXCHANGE_STATES = [
    (ExchangeState.WAITING, _("To be sent")),
    (ExchangeState.SENDING, _("Being sent")),
    (ExchangeState.ACKNOWLEDGED, _("Acknowledged")),
    (ExchangeState.UNKNOWN, _("Nobody knows whether it arrived")),
    (ExchangeState.PARKED, _("Refused: somebody has to look")),
    (ExchangeState.DROPPED, _("Need not be sent")),
]
INBOX_VERDICTS = [
    (InboxVerdict.APPLIED, _("Taken over")),
    (InboxVerdict.SAME, _("As it is here")),
    (InboxVerdict.OURS, _("Not theirs to say: the status is kept here")),
    (InboxVerdict.UNKNOWN_DOSSIER, _("No such dossier here")),
    (InboxVerdict.NOT_UNDERSTOOD, _("Not understood")),
    (InboxVerdict.REFUSED, _("Not possible as the dossier stands")),
]
DIFFERENCE_KINDS = [
    (DifferenceKind.ONLY_HERE, _("Only here")),
    (DifferenceKind.ONLY_THERE, _("Only there")),
    (DifferenceKind.STATUS, _("Another status")),
    (DifferenceKind.DATE, _("Another date")),
    (DifferenceKind.DOUBLE, _("Twice there")),
]
REPAIRS = [
    (Repair.TELL_AGAIN, _("Send the whole dossier again")),
    (Repair.TELL_STATUS, _("Send our status again")),
    (Repair.TELL_DATES, _("Send our dates again")),
    (Repair.TAKE_THEIRS, _("Take their status over")),
    (Repair.REMOVE_THERE, _("Ask them to remove it")),
    (Repair.BY_HAND, _("Look into it")),
]
DIFFERENCE_STATES = [
    (DifferenceState.OPEN, _("Open")),
    (DifferenceState.APPLIED, _("Being repaired")),
    (DifferenceState.DISMISSED, _("Left as it is")),
    (DifferenceState.GONE, _("Gone by itself")),
]
EXCHANGE_ACTS = [
    (ExchangeActKind.RESEND, _("Send again")),
    (ExchangeActKind.ARRIVED, _("Settled: it arrived")),
    (ExchangeActKind.NOT_ARRIVED, _("Settled: it did not arrive")),
    (ExchangeActKind.DROP, _("Settled: need not be sent")),
    (ExchangeActKind.RECONCILE, _("Compare the books now")),
    (ExchangeActKind.REPAIR, _("Repair a difference")),
    (ExchangeActKind.DISMISS, _("Leave a difference as it is")),
]
ON_THE_WAY = (ExchangeState.WAITING, ExchangeState.SENDING)
SETTLED = (ExchangeState.ACKNOWLEDGED, ExchangeState.DROPPED)


def partner_name() -> models.CharField[Any, Any]:
    """Return the column that names a partner."""
    return models.CharField(_("partner"), max_length=30)


class ExchangeLink(models.Model):
    """A dossier that a partner knows, or is to know: its number there and what it was given.

    `files` are the partner's numbers of files, by our public id. `waits` says that the clock waits
    because the partner does not answer; an official's own waiting is not touched.
    """

    partner = partner_name()
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="exchange_links")
    their_code = models.CharField(_("number there"), max_length=60, blank=True, default="")
    files = models.JSONField(default=dict, blank=True)
    known_at = models.DateTimeField(_("known there since"), null=True)
    heard_at = models.DateTimeField(_("last heard of at"), null=True)
    waits = models.BooleanField(_("the clock waits"), default=False)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("dossier at a partner")
        verbose_name_plural = _("dossiers at partners")
        indexes = [
            models.Index(fields=["partner"], name="exchange_link_waits", condition=Q(waits=True))
        ]
        constraints = [
            models.UniqueConstraint(fields=["partner", "dossier"], name="exchange_link_once"),
            models.UniqueConstraint(
                fields=["partner", "their_code"],
                condition=~Q(their_code=""),
                name="exchange_link_their_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.dossier}"


class ExchangeRow(models.Model):
    """One thing to tell a partner, written with the step that it tells of; nothing of it is copied.

    Rows of one dossier go in the order of their keys, and each waits for the one before it.
    """

    partner = partner_name()
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, related_name="exchange_rows", verbose_name=_("dossier")
    )
    kind = models.CharField(_("told"), max_length=10, choices=EXCHANGE_KINDS)
    event = models.ForeignKey(DossierEvent, models.PROTECT, null=True, related_name="+")
    their_code = models.CharField(_("number there"), max_length=60, blank=True, default="")
    state = models.CharField(
        _("state"), max_length=12, choices=EXCHANGE_STATES, default=ExchangeState.WAITING
    )
    due_at = models.DateTimeField(_("due at"))
    noted_at = models.DateTimeField(_("noted at"))
    lease_until = models.DateTimeField(null=True)
    attempt = models.PositiveIntegerField(_("attempts"), default=0)
    acknowledgement = models.CharField(_("receipt"), max_length=60, blank=True, default="")
    answered_at = models.DateTimeField(_("answered at"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("row for a partner")
        verbose_name_plural = _("rows for partners")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["due_at"], name="exchange_row_due", condition=Q(state__in=ON_THE_WAY)
            ),
            models.Index(
                fields=["dossier", "partner"],
                name="exchange_row_open",
                condition=~Q(state__in=SETTLED),
            ),
            models.Index(fields=["partner", "state", "-id"], name="exchange_row_listed"),
            models.Index(
                fields=["partner", "-answered_at"],
                name="exchange_row_answered",
                condition=Q(answered_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "event", "kind"],
                condition=Q(event__isnull=False),
                name="exchange_row_once_a_step",
            ),
            models.CheckConstraint(
                name="exchange_row_of_something",
                condition=Q(dossier__isnull=False)
                | (Q(kind=ExchangeKind.REMOVAL) & ~Q(their_code="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.kind} #{self.pk}"

    @property
    def code(self) -> str:
        """The code of the dossier, or its number there where it is none of ours."""
        return self.dossier.code if self.dossier else self.their_code


class ExchangeAttempt(models.Model):
    """One try of a row, written before the first call; without an end nobody came back to it."""

    row = models.ForeignKey(ExchangeRow, models.PROTECT, db_index=False, related_name="attempts")
    number = models.PositiveIntegerField(_("attempt"))
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    state = models.CharField(
        _("afterwards"), max_length=12, choices=EXCHANGE_STATES, blank=True, default=""
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("attempt to tell a partner")
        verbose_name_plural = _("attempts to tell partners")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["row", "number"], name="exchange_attempt_once")
        ]

    def __str__(self) -> str:
        return f"#{self.row_id}/{self.number}"


class ExchangeInbox(models.Model):
    """A partner's word on a dossier, kept as it came (codes and times only), and what it did."""

    partner = partner_name()
    message_id = models.CharField(_("number of the message"), max_length=80)
    their_code = models.CharField(_("number there"), max_length=60)
    status = models.CharField(_("status there"), max_length=20)
    said_at = models.DateTimeField(_("said at"))
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, related_name="exchange_words", verbose_name=_("dossier")
    )
    verdict = models.CharField(_("outcome"), max_length=20, choices=INBOX_VERDICTS)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("word of a partner")
        verbose_name_plural = _("words of partners")
        ordering = ["pk"]
        indexes = [models.Index(fields=["partner", "verdict", "-id"], name="exchange_word_listed")]
        constraints = [
            models.UniqueConstraint(fields=["partner", "message_id"], name="exchange_inbox_once")
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.message_id}"

    @property
    def code(self) -> str:
        """The code of the dossier, or its number there where it is none of ours."""
        return self.dossier.code if self.dossier else self.their_code


class Reconciliation(models.Model):
    """One comparison of our books with a partner's; a `fault` says why it could not be made."""

    partner = partner_name()
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    here_count = models.PositiveIntegerField(_("here"), default=0)
    there_count = models.PositiveIntegerField(_("there"), default=0)
    under_way_count = models.PositiveIntegerField(_("under way"), default=0)
    difference_count = models.PositiveIntegerField(_("differences"), default=0)
    fault = models.CharField(_("fault"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("comparison with a partner")
        verbose_name_plural = _("comparisons with partners")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["partner", "-began_at"], name="reconciliation_last")]
        constraints = [
            # One at a time: whoever writes the row compares, everybody else is refused.
            models.UniqueConstraint(
                fields=["partner"], condition=Q(ended_at=None), name="reconciliation_runs_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.began_at:%d/%m/%Y %H:%M}"


class Difference(models.Model):
    """What stands otherwise here and there, with the repair that is proposed; open once a matter.

    `here` and `there` are a status, a date or a count, never anything of a person.
    """

    reconciliation = models.ForeignKey(Reconciliation, models.PROTECT, related_name="differences")
    partner = partner_name()
    kind = models.CharField(_("difference"), max_length=12, choices=DIFFERENCE_KINDS)
    dossier = models.ForeignKey(
        Dossier, models.PROTECT, null=True, related_name="+", verbose_name=_("dossier")
    )
    their_code = models.CharField(_("number there"), max_length=60, blank=True, default="")
    here = models.CharField(_("here"), max_length=120, blank=True, default="")
    there = models.CharField(_("there"), max_length=120, blank=True, default="")
    repair = models.CharField(_("proposed"), max_length=12, choices=REPAIRS)
    state = models.CharField(
        _("state"), max_length=10, choices=DIFFERENCE_STATES, default=DifferenceState.OPEN
    )
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("difference to a partner")
        verbose_name_plural = _("differences to partners")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "kind", "dossier", "their_code"],
                condition=Q(state=DifferenceState.OPEN),
                name="difference_open_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.kind} #{self.pk}"

    @property
    def code(self) -> str:
        """The code of the dossier, or its number there where it is none of ours."""
        return self.dossier.code if self.dossier else self.their_code


class ExchangeAct(models.Model):
    """What an official did by hand at the exchange desk, and why; only ever added.

    `row` or `difference` is what it was done with; a comparison that was asked for has neither.
    """

    kind = models.CharField(_("act"), max_length=12, choices=EXCHANGE_ACTS)
    partner = partner_name()
    row = models.ForeignKey(ExchangeRow, models.PROTECT, null=True, related_name="acts")
    difference = models.ForeignKey(Difference, models.PROTECT, null=True, related_name="acts")
    state_before = models.CharField(_("state before"), max_length=12, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("act at the exchange desk")
        verbose_name_plural = _("acts at the exchange desk")
        ordering = ["pk"]
        indexes = [models.Index(fields=["partner", "kind", "-at"], name="exchange_act_last")]
        constraints = [
            models.CheckConstraint(name="exchange_act_has_reason", condition=~Q(reason=""))
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.kind} #{self.pk}"
