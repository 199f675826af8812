"""What the demo phones of a trial received, as sealed as everything that leaves for real phones."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.enums import ContactChannel
from citizens.models import ContactPoint
from portal.common.crypto import seal_text, unseal_text
from portal.common.models import recorded_at

_TABLE = "notifications_demodelivery"


class DemoDelivery(models.Model):
    """One message of a `demo:` channel; it is shown once a reference.

    `address_index` is the index under which the address stands among the contact points of that
    `channel`: a phone shows what reached any address of the people who use it.
    """

    reference = models.CharField(max_length=50, unique=True)
    channel = models.CharField(max_length=8, default="sms", db_default="sms")
    address_index = models.BinaryField(max_length=32, editable=False)
    address_enc = models.BinaryField(editable=False)
    body_enc = models.BinaryField(editable=False)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("demo phone message")
        verbose_name_plural = _("demo phone messages")
        indexes = [models.Index(fields=["address_index", "-recorded_at"], name="demo_by_phone")]

    def __str__(self) -> str:
        return f"{self.reference} {self.recorded_at:%d/%m/%Y %H:%M}"

    @staticmethod
    def index_of(address: str, channel: str = ContactChannel.SMS) -> bytes:
        """Return the index under which an address's messages are found."""
        return ContactPoint.index_of(channel, address)

    @classmethod
    def received(
        cls, *, reference: str, address: str, body: str, channel: str = ContactChannel.SMS
    ) -> DemoDelivery:
        """Return a message, not yet stored, that an address (a phone in E.164) received."""
        index = cls.index_of(address, channel)
        delivery = cls(reference=reference, channel=channel, address_index=index)
        delivery.address_enc = delivery._seal("address_enc", address)
        delivery.body_enc = delivery._seal("body_enc", body)
        return delivery

    @property
    def address(self) -> str:
        """The address in clear (a phone in E.164); never log it."""
        return self._unseal("address_enc")

    @property
    def body(self) -> str:
        """The text as the phone shows it."""
        return self._unseal("body_enc")

    def _seal(self, column: str, plain: str) -> bytes:
        return seal_text(plain, table=_TABLE, column=column, identity=self.reference.encode())

    def _unseal(self, column: str) -> str:
        sealed = getattr(self, column)
        return unseal_text(sealed, table=_TABLE, column=column, identity=self.reference.encode())
