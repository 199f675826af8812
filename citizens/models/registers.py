"""Registers and what they hold beyond the columns of people and credentials."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.enums import FactKind
from citizens.models.parties import Party
from portal.common.models import recorded_at


class Register(models.Model):
    """A base register by the catalogue's code (NPD, GPLX, …) with its owner."""

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    name_vi = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True, default="")
    owner_vi = models.CharField(_("owner"), max_length=200)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_vi


class Batch(models.Model):
    """One delivery of a register; every stored value names it, so its origin can always be told."""

    register = models.ForeignKey(Register, models.PROTECT, related_name="batches")
    as_of = models.DateField(_("as of"))
    received_at = recorded_at()
    source = models.CharField(_("source"), max_length=200)
    row_count = models.PositiveIntegerField(_("rows"), default=0)

    class Meta:
        verbose_name = _("register batch")
        verbose_name_plural = _("register batches")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.register_id} {self.as_of:%d/%m/%Y}"


class RegisterRecord(models.Model):
    """The long tail of prefill paths: one record of a register about a subject, as a document.

    The catalogue's path ``REGISTER.kind.field`` is ``body[field]`` of the row (register, kind):
    HEALTH.driver_check.number, LAND.certificate, TRANS.vehicle. Where a path names no kind, the
    register's own kind is meant: NPD ``person`` (NPD.hometown), LAND ``certificate`` (LAND.area),
    POV ``household`` (POV.status, about the household), EDU ``pupil``, INS ``member``. What is a
    Credential is not repeated here: GPLX.*, XNC.passport.*, NPD.card.*, HEALTH.practice_licence.*,
    TOUR.card.*, VET.certificate.*, TRANS.badge.*, LOCAL.construction_permit.* are its columns
    (number, category as ``class``, issued_on, expires_on, issuer) and its `details`. BUS.* are the
    columns of an Organisation.
    """

    register = models.ForeignKey(Register, models.PROTECT, related_name="records")
    kind = models.CharField(max_length=40)
    key_index = models.BinaryField(max_length=32)
    subject = models.ForeignKey(Party, models.PROTECT, related_name="register_records")
    body = models.JSONField(default=dict)
    as_of = models.DateField()
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="records")

    class Meta:
        verbose_name = _("register record")
        verbose_name_plural = _("register records")
        constraints = [
            models.UniqueConstraint(
                fields=["register", "kind", "key_index"], name="register_record_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.register_id}.{self.kind} #{self.pk}"


class FactChange(models.Model):
    """Mailbox of this room: a fact was written. Its one reader is procedures."""

    kind = models.CharField(max_length=16, choices=[(k, k) for k in FactKind])
    object_id = models.BigIntegerField()
    subject = models.ForeignKey(Party, models.CASCADE, db_constraint=False, related_name="+")
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("fact change")
        verbose_name_plural = _("fact changes")

    def __str__(self) -> str:
        return f"{self.kind} #{self.object_id}"
