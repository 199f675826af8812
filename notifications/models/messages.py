"""The outbox: one row a message, and its attempts."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import ContactPoint, Party, User
from notifications.enums import AttemptOutcome, MessageState
from notifications.models.texts import CHANNELS, PRIORITIES, Topic
from portal.common.models import public_id, recorded_at

STATES = [
    (MessageState.QUEUED, _("Queued")),
    (MessageState.SENDING, _("Being sent")),
    (MessageState.SENT, _("Sent")),
    (MessageState.DELIVERED, _("Delivered")),
    (MessageState.FAILED, _("Failed")),
    (MessageState.UNKNOWN, _("Outcome unknown")),
    (MessageState.SUPPRESSED, _("Not sent")),
    (MessageState.PARKED, _("Set aside")),
    (MessageState.WITHDRAWN, _("Withdrawn")),
]
UNFINISHED = (MessageState.QUEUED, MessageState.SENDING)
FOR_A_PERSON = (MessageState.UNKNOWN, MessageState.PARKED, MessageState.FAILED)
# What may be said on a further channel: by itself, or by the digest that it is in.
FURTHER = Q(next_channel_at__isnull=False) | Q(digest__isnull=False)
OUTCOMES = [
    (AttemptOutcome.ACCEPTED, _("Accepted")),
    (AttemptOutcome.REFUSED, _("Refused")),
    (AttemptOutcome.FAILED, _("Failed")),
    (AttemptOutcome.UNKNOWN, _("Unknown")),
]


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime) -> MessageQuerySet:
        """Queued messages whose hour has come, most urgent first, then oldest first."""
        hour_has_come = self.filter(state=MessageState.QUEUED, due_at__lte=now)
        return hour_has_come.order_by("priority", "due_at")

    def orphaned(self, now: datetime) -> MessageQuerySet:
        """Messages whose sender let its lease run out: it died, or lost the database."""
        return self.filter(state=MessageState.SENDING, lease_until__lt=now).order_by("lease_until")

    def held(self, now: datetime) -> MessageQuerySet:
        """Queued messages whose hour is still to come."""
        return self.filter(state=MessageState.QUEUED, due_at__gt=now)

    def of_thread(self, thread_key: str) -> MessageQuerySet:
        """Messages of one matter that have not reached their end."""
        return self.filter(thread_key=thread_key, state__in=UNFINISHED).exclude(thread_key="")

    def said_of_thread(self, thread_key: str) -> MessageQuerySet:
        """Messages of one matter that were said, or are in a digest, and may still go further."""
        return self.filter(FURTHER, thread_key=thread_key).exclude(thread_key="")


class Message(models.Model):
    """Something to be told to one person once; written in the transaction of the fact it speaks of.

    The channel and the address are chosen when it leaves. `params` holds only what the topic
    lists. `attempt` counts claims and fences their write-back; of these `forgiven` count no more,
    because an operator had it sent again. `handed_at` is set from the moment
    a gateway may have the message until its outcome is known: whoever finds it asks before sending
    again. Foreign keys to people are not checked by the database: the rows are written by INSERT …
    SELECT from those very tables, and people are never deleted.

    Each row lives on one channel. When that channel failed for certain, or the message stayed
    unread there until `next_channel_at`, another row `follows` it on the next channel. Reminders
    to one person that would leave together are said by one `digest`. `address_index` is the keyed
    index of the address it went to, never the address.
    """

    dedupe_key = models.CharField(max_length=120)
    recipient = models.ForeignKey(
        Party, models.PROTECT, null=True, db_constraint=False, related_name="messages"
    )
    user = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="messages",
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        models.SET_NULL,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    about = models.ForeignKey(
        Party, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    topic = models.ForeignKey(Topic, models.PROTECT, db_index=False, related_name="messages")
    text_version = models.PositiveIntegerField(null=True)
    params = models.JSONField(default=dict, db_default={})
    secret_params_enc = models.BinaryField(null=True)
    thread_key = models.CharField(max_length=60, blank=True, default="", db_default="")
    short_code = models.CharField(max_length=8, blank=True, default="", db_default="")
    # No channel until one is chosen, when the message leaves.
    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS, null=True)  # noqa: DJ001
    priority = models.PositiveSmallIntegerField(_("priority"), choices=PRIORITIES)
    due_at = models.DateTimeField(_("due at"))
    not_after = models.DateTimeField(_("not after"), null=True)
    lease_until = models.DateTimeField(null=True)
    attempt = models.PositiveSmallIntegerField(default=0, db_default=0)
    forgiven = models.PositiveSmallIntegerField(default=0, db_default=0)
    handed_at = models.DateTimeField(null=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=STATES,
        default=MessageState.QUEUED,
        db_default=MessageState.QUEUED,
    )
    reason = models.CharField(_("reason"), max_length=120, blank=True, default="", db_default="")
    gateway_reference = models.CharField(max_length=80, blank=True, default="", db_default="")
    rendered = models.TextField(_("text as sent"), blank=True, default="", db_default="")
    sent_at = models.DateTimeField(_("sent at"), null=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    address_index = models.BinaryField(max_length=32, null=True, editable=False)
    part_count = models.PositiveSmallIntegerField(_("SMS parts"), null=True)
    price_vnd = models.PositiveIntegerField(_("price (VND)"), null=True)
    follows = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="followers",
    )
    next_channel_at = models.DateTimeField(null=True)
    digest = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="members",
    )
    recorded_at = recorded_at()
    public_id = public_id()

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["priority", "due_at"],
                name="message_due",
                condition=Q(state=MessageState.QUEUED),
            ),
            models.Index(
                fields=["lease_until"],
                name="message_leased",
                condition=Q(state=MessageState.SENDING),
            ),
            models.Index(
                fields=["thread_key"],
                name="message_thread_open",
                condition=Q(state__in=UNFINISHED) & ~Q(thread_key=""),
            ),
            models.Index(
                fields=["thread_key"],
                name="message_thread_further",
                condition=FURTHER & ~Q(thread_key=""),
            ),
            models.Index(
                fields=["thread_key"],
                name="message_of_incident",
                condition=Q(topic="data_incident"),
            ),
            models.Index(
                fields=["next_channel_at"],
                name="message_next_channel",
                condition=Q(next_channel_at__isnull=False),
            ),
            models.Index(
                fields=["follows"],
                name="message_followers",
                condition=Q(follows__isnull=False),
            ),
            models.Index(
                fields=["digest"],
                name="message_members",
                condition=Q(digest__isnull=False),
            ),
            models.Index(
                fields=["gateway_reference"],
                name="message_at_gateway",
                condition=~Q(gateway_reference=""),
            ),
            models.Index(
                fields=["state", "due_at"],
                name="message_for_a_person",
                condition=Q(state__in=FOR_A_PERSON),
            ),
            models.Index(
                fields=["short_code"],
                name="message_by_code",
                condition=~Q(short_code=""),
            ),
        ]
        constraints = [
            # Not `unique=True`: that makes a second index, for searches by the key's beginning.
            models.UniqueConstraint(fields=["dedupe_key"], name="message_once"),
            models.CheckConstraint(
                name="message_to_one",
                condition=Q(recipient__isnull=False) | Q(user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} #{self.pk}"

    @property
    def tries(self) -> int:
        """How often it was claimed since it was queued, or since an operator had it sent again."""
        return self.attempt - self.forgiven

    @property
    def reference(self) -> str:
        """What every attempt tells the gateway: the same for one message, at most 50 characters."""
        return str(self.public_id.hex)


class Attempt(models.Model):
    """One try at a gateway, written when its outcome is known; never changed."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts")
    number = models.PositiveSmallIntegerField(_("attempt"))
    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS)
    outcome = models.CharField(_("outcome"), max_length=10, choices=OUTCOMES)
    detail = models.CharField(_("detail"), max_length=200, blank=True, default="")
    started_at = models.DateTimeField(_("started at"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [BrinIndex(fields=["started_at"], name="attempt_by_time", autosummarize=True)]
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="attempt_number_once")
        ]

    def __str__(self) -> str:
        return f"#{self.message_id}/{self.number} {self.outcome}"


class Preference(models.Model):
    """A person's wish for a topic (or all optional ones) and a channel (or all): allowed or not."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="preferences")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=8, choices=CHANNELS, blank=True, default="")
    is_allowed = models.BooleanField(default=False)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(
                fields=["party", "topic", "channel"], name="preference_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"#{self.party_id} {self.topic_id or '*'} {self.channel or '*'}"


class Gate(models.Model):
    """One row: while `paused`, nothing leaves; a restored system starts so, in a new generation.

    `home` names the server and timeline on which the database last lived.
    """

    generation = models.PositiveIntegerField(default=1)
    paused = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True, default="")
    home = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gate")
        constraints = [models.CheckConstraint(name="gate_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return f"generation {self.generation}"
