"""What comes back: receipts of gateways and answers of people, as they came and as understood."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Party, Unit, User
from notifications.models.messages import Message
from notifications.models.texts import CHANNELS
from portal.common.crypto import seal_text, unseal_text
from portal.common.models import public_id, recorded_at

_TABLE = "notifications_inboundmessage"


class ReceiptInbox(models.Model):
    """A delivery receipt as it arrived, before it is understood; append-only.

    `reference` is ours (`Message.reference`) or the gateway's own (`Message.gateway_reference`).
    `key` is a digest of channel and body: a receipt that comes twice is stored once.
    """

    channel = models.CharField(max_length=8, choices=CHANNELS)
    reference = models.CharField(max_length=80)
    status = models.CharField(max_length=40)
    body = models.JSONField(default=dict)
    key = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        indexes = [models.Index(fields=["reference"], name="receipt_by_reference")]

    def __str__(self) -> str:
        return f"{self.channel} {self.reference} {self.status}"


class InboundMessage(models.Model):
    """What somebody wrote to us by SMS or chat, as it arrived; append-only, sender and text sealed.

    `key` is the gateway's own number of it, or a digest where it gives none: the same one that
    comes twice is stored once.
    """

    channel = models.CharField(max_length=8, choices=CHANNELS)
    key = models.CharField(max_length=80)
    sender_index = models.BinaryField(max_length=32, editable=False)
    sender_enc = models.BinaryField(editable=False)
    body_enc = models.BinaryField(editable=False)
    recorded_at = recorded_at()
    public_id = public_id()

    class Meta:
        verbose_name = _("inbound message")
        verbose_name_plural = _("inbound messages")
        indexes = [models.Index(fields=["sender_index", "-recorded_at"], name="inbound_by_sender")]
        constraints = [
            models.UniqueConstraint(fields=["channel", "key"], name="inbound_once"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"

    def seal(self, *, sender: str, body: str) -> None:
        """Put the sender's address and the text in, sealed; `public_id` must stand."""
        self.sender_enc = self._sealed("sender_enc", sender)
        self.body_enc = self._sealed("body_enc", body)

    @property
    def sender(self) -> str:
        """The sender's address in clear (a phone in E.164, a chat's own id); never log it."""
        return self._opened("sender_enc")

    @property
    def body(self) -> str:
        """The text as it was written; never log it."""
        return self._opened("body_enc")

    def _sealed(self, column: str, plain: str) -> bytes:
        return seal_text(plain, table=_TABLE, column=column, identity=self.public_id.bytes)

    def _opened(self, column: str) -> str:
        sealed = getattr(self, column)
        return unseal_text(sealed, table=_TABLE, column=column, identity=self.public_id.bytes)


class Reply(models.Model):
    """Mailbox of this room: what a person answered. Its one reader is dossiers.

    `word` is one of ReplyWord; `code` the dossier code that a question for a status names.
    """

    message = models.ForeignKey(Message, models.CASCADE, null=True, related_name="replies")
    party = models.ForeignKey(Party, models.CASCADE, null=True, related_name="+")
    inbound = models.ForeignKey(InboundMessage, models.CASCADE, null=True, related_name="replies")
    channel = models.CharField(max_length=8, choices=CHANNELS)
    word = models.CharField(max_length=40)
    code = models.CharField(max_length=40, blank=True, default="", db_default="")
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")

    def __str__(self) -> str:
        return f"{self.channel} {self.word}"


class CallBack(models.Model):
    """Somebody to whom a person should talk: an answer that nobody understood, or their own wish.

    `unit` is whose officials call; `party` is known where the sender is.
    """

    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    inbound = models.ForeignKey(InboundMessage, models.PROTECT, null=True, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=40)
    done_at = models.DateTimeField(_("done at"), null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=400, blank=True, default="", db_default="")
    recorded_at = recorded_at()
    public_id = public_id()

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        indexes = [
            models.Index(
                fields=["unit", "recorded_at"],
                name="call_back_open",
                condition=Q(done_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.recorded_at:%d/%m/%Y %H:%M}"
