"""Accounts of chats whose owner has proved, signed in to the portal, that they are theirs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import Citizen
from portal.common.crypto import keyed_index
from portal.common.models import public_id


class ChatAccount(models.Model):
    """A citizen's account of a platform (`zalo`, `messenger`), by its index: its id is not kept."""

    platform = models.CharField(_("platform"), max_length=10)
    account_index = models.BinaryField(max_length=32, editable=False)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="chat_accounts")
    linked_at = models.DateTimeField(_("linked at"))
    public_id = public_id()

    class Meta:
        verbose_name = _("chat account")
        verbose_name_plural = _("chat accounts")
        constraints = [
            models.UniqueConstraint(fields=["platform", "account_index"], name="chat_account_once")
        ]

    def __str__(self) -> str:
        return f"{self.platform} #{self.citizen_id}"

    @staticmethod
    def index_of(platform: str, account: str) -> bytes:
        """Return the keyed index under which an account of a platform is found."""
        return keyed_index("chat", platform, account)
