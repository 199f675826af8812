"""Who looked at whom, when, why: append-only, shown to the person concerned."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.enums import ViewPurpose
from citizens.models.accounts import User
from citizens.models.places import Agency
from portal.common import clock
from portal.common.models import recorded_at

PURPOSES = [
    (ViewPurpose.DOSSIER, _("Handling a dossier")),
    (ViewPurpose.COUNTER, _("Helping at the counter")),
    (ViewPurpose.DATA_QUALITY, _("Checking data")),
    (ViewPurpose.SUPPORT, _("Support")),
    (ViewPurpose.HELPING, _("Helping to file")),
    (ViewPurpose.AUDIT, _("Audit")),
]


class AccessLog(models.Model):
    """One row a view, not a row a person shown; the application adds and reads, never changes."""

    actor = models.ForeignKey(
        User, models.PROTECT, related_name="views", verbose_name=_("official")
    )
    office = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("agency")
    )
    purpose = models.CharField(_("purpose"), max_length=16, choices=PURPOSES)
    page = models.CharField(_("page"), max_length=80)
    reference = models.CharField(_("reference"), max_length=80, blank=True, default="")
    fields = ArrayField(models.CharField(max_length=40), verbose_name=_("fields"), default=list)
    subject_ids = ArrayField(models.BigIntegerField(), verbose_name=_("people shown"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("view of personal data")
        verbose_name_plural = _("views of personal data")
        ordering = ["-recorded_at"]
        indexes = [GinIndex(fields=["subject_ids"], name="access_log_subjects")]

    def __str__(self) -> str:
        told = self.get_purpose_display()
        return f"{clock.civil_time(self.recorded_at):%d/%m/%Y %H:%M} · {told}"


class Unsealed(models.Model):
    """Mailbox of the log: a view that no seal covers yet. A trigger writes it with the view."""

    view = models.OneToOneField(AccessLog, models.DO_NOTHING, primary_key=True, related_name="+")

    class Meta:
        verbose_name = _("view not sealed yet")
        verbose_name_plural = _("views not sealed yet")

    def __str__(self) -> str:
        return f"#{self.pk}"


class Seal(models.Model):
    """One link of the chain over the log: its rows' keys and digests, signed (Ed25519).

    `row_digests` holds 32 bytes a row in the order of `row_ids`; `root` hashes them together with
    `previous_root`, so no seal can be changed, exchanged or left out without the next one telling.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    row_ids = ArrayField(models.BigIntegerField())
    row_digests = models.BinaryField()
    previous_root = models.BinaryField(max_length=32)
    root = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("seal of the log")
        verbose_name_plural = _("seals of the log")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}"
