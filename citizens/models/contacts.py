"""Where somebody can be reached; addresses are encrypted and found by a keyed index."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import ContactChannel
from citizens.models.parties import Party
from portal.common.crypto import keyed_index, seal_text, unseal_text
from portal.common.models import public_id, recorded_at

CHANNELS = [
    (ContactChannel.APP, _("Mobile app")),
    (ContactChannel.PUSH, _("Browser notice")),
    (ContactChannel.ZALO, _("Zalo")),
    (ContactChannel.EMAIL, _("E-mail")),
    (ContactChannel.SMS, _("SMS")),
]


class ContactPoint(models.Model):
    """One address of a party or of an official's account; `value` opens the encrypted column."""

    party = models.ForeignKey(
        Party,
        models.PROTECT,
        null=True,
        blank=True,
        db_constraint=False,
        db_index=False,  # `contact_once_a_party` begins with it
        related_name="contact_points",
    )
    user = models.ForeignKey(
        "citizens.User",
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,  # `contact_of_user` holds those that have one
        related_name="contact_points",
    )
    channel = models.CharField(_("channel"), max_length=8, choices=CHANNELS)
    value_enc = models.BinaryField(editable=False)
    value_index = models.BinaryField(max_length=32, editable=False)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    # Somebody answered from it that nothing more should come (F20): no register verifies it again.
    refused_at = models.DateTimeField(_("refused at"), null=True, blank=True)
    shared = models.BooleanField(
        _("shared"),
        default=False,
        db_default=False,
        help_text=_("Several people use this address."),
    )
    batch = models.ForeignKey(
        "citizens.Batch",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        indexes = [
            models.Index(fields=["channel", "value_index"], name="contact_by_value"),
            models.Index(fields=["user"], name="contact_of_user", condition=Q(user__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "channel", "value_index"],
                condition=Q(party__isnull=False),
                name="contact_once_a_party",
            ),
            models.CheckConstraint(
                name="contact_of_one",
                condition=Q(party__isnull=False, user__isnull=True)
                | Q(party__isnull=True, user__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} #{self.pk}"

    @staticmethod
    def index_of(channel: str, value: str) -> bytes:
        """Return the keyed index of an address (phones in E.164, e-mail in lower case)."""
        return keyed_index("contact", channel, value)

    @staticmethod
    def seal_value(channel: str, value: str) -> bytes:
        """Return an address encrypted for rows with that address's index."""
        identity = ContactPoint.index_of(channel, value)
        return seal_text(
            value, table="citizens_contactpoint", column="value_enc", identity=identity
        )

    @property
    def value(self) -> str:
        """The address in clear (a phone in E.164); never log it."""
        identity = bytes(self.value_index)
        return unseal_text(
            self.value_enc, table="citizens_contactpoint", column="value_enc", identity=identity
        )
