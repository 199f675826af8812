"""Registers and what they hold beyond the columns of people and credentials."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from citizens.enums import BatchState, FactKind
from citizens.models.parties import Party
from citizens.models.places import AgencyKind
from portal.common.crypto import seal_json, unseal_json
from portal.common.models import public_id, recorded_at

BATCH_STATES = [
    (BatchState.RECEIVED, _("Waiting")),
    (BatchState.READING, _("Being read")),
    (BatchState.APPLYING, _("Being taken over")),
    (BatchState.DONE, _("Done")),
    (BatchState.REFUSED, _("Refused")),
]


class Register(models.Model):
    """A base register by the catalogue's code (NPD, …), its owner and who answers for it here.

    `max_age_days` is how old its newest delivery may be before its facts count as stale.
    """

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    name_vi = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True, default="")
    owner_vi = models.CharField(_("owner"), max_length=200)
    steward_kind = models.ForeignKey(
        AgencyKind,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who answers for it here"),
    )
    max_age_days = models.PositiveSmallIntegerField(_("fresh for (days)"), default=31)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_vi


class Batch(models.Model):
    """One delivery of a register; every stored value names it, so its origin can always be told.

    `kind` is the register's table that the file holds (``NPD`` ``person``), `source` the file's
    name. The same file (`sha256`) of one date is one batch, however often it is brought. `refusal`
    holds why a file was refused whole: a list of ``{"vi": …, "en": …}``.
    """

    register = models.ForeignKey(Register, models.PROTECT, related_name="batches")
    kind = models.CharField(_("kind"), max_length=40, blank=True, default="", db_default="")
    as_of = models.DateField(_("as of"))
    received_at = recorded_at()
    source = models.CharField(_("source"), max_length=200)
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    encoding = models.CharField(_("encoding"), max_length=40, blank=True, default="", db_default="")
    stored_as = models.CharField(max_length=80, blank=True, default="", db_default="")
    started_by = models.ForeignKey(
        "citizens.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("brought by"),
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=BATCH_STATES,
        default=BatchState.DONE,
        db_default=BatchState.DONE,
    )
    progress = models.PositiveIntegerField(_("rows so far"), default=0, db_default=0)
    row_count = models.PositiveIntegerField(_("rows"), default=0, db_default=0)
    created_count = models.PositiveIntegerField(_("new"), default=0, db_default=0)
    changed_count = models.PositiveIntegerField(_("changed"), default=0, db_default=0)
    unchanged_count = models.PositiveIntegerField(_("unchanged"), default=0, db_default=0)
    stale_count = models.PositiveIntegerField(_("older than held"), default=0, db_default=0)
    rejected_count = models.PositiveIntegerField(_("rejected"), default=0, db_default=0)
    discrepancy_count = models.PositiveIntegerField(_("discrepancies"), default=0, db_default=0)
    header = models.JSONField(default=list, db_default=[])
    refusal = models.JSONField(_("why refused"), default=list, db_default=[])
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    public_id = public_id()

    class Meta:
        verbose_name = _("register batch")
        verbose_name_plural = _("register batches")
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "kind", "as_of", "sha256"],
                condition=~Q(sha256=""),
                name="batch_file_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.register_id} {self.as_of:%d/%m/%Y}"


class Rejection(models.Model):
    """A row of a delivery that was not taken: line, column and reason, the row itself sealed.

    One row a line and column. The reasons never repeat what the row says.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rejections")
    line = models.PositiveIntegerField(_("line"))
    column = models.CharField(_("column"), max_length=80)
    code = models.CharField(_("kind"), max_length=40)
    reason_vi = models.CharField(_("reason"), max_length=300)
    reason_en = models.CharField(_("reason (English)"), max_length=300)
    row_enc = models.BinaryField(null=True, editable=False)

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        ordering = ["batch", "line", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "line", "column", "code"], name="rejection_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"

    @staticmethod
    def seal_row(batch: Batch, line: int, cells: Sequence[str]) -> bytes:
        """Return the cells of a line encrypted for that line of that batch."""
        return seal_json(
            list(cells),
            table="citizens_rejection",
            column="row_enc",
            identity=_line_identity(batch.pk, line),
        )

    @property
    def row(self) -> list[str]:
        """The rejected line's cells in clear; log who reads them. Empty where none was kept."""
        if self.row_enc is None:
            return []
        opened: list[str] = unseal_json(
            self.row_enc,
            table="citizens_rejection",
            column="row_enc",
            identity=_line_identity(self.batch_id, self.line),
        )
        return opened


def _line_identity(batch: int, line: int) -> bytes:
    return f"{batch}:{line}".encode()


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

    register = models.ForeignKey(
        Register, models.PROTECT, related_name="records", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=40)
    key_index = models.BinaryField(max_length=32)
    # Not checked row by row: its rows are written from the very table of people, who stay for good.
    subject = models.ForeignKey(
        Party, models.PROTECT, related_name="register_records", db_constraint=False
    )
    body = models.JSONField(default=dict)
    as_of = models.DateField()
    batch = models.ForeignKey(
        Batch,
        models.PROTECT,
        null=True,
        related_name="records",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("register record")
        verbose_name_plural = _("register records")
        constraints = [
            models.UniqueConstraint(
                fields=["register", "kind", "key_index"], name="register_record_once"
            )
        ]
        # The few that a dossier wrote are found by its code; what registers deliver stays outside.
        indexes = [
            models.Index(
                KT("body__dossier"),
                name="register_record_dossier",
                condition=models.Q(body__has_key="dossier"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.register_id}.{self.kind} #{self.pk}"


class FactChange(models.Model):
    """Mailbox of this room: a fact was written. Its one reader is procedures."""

    kind = models.CharField(max_length=16, choices=[(k, k) for k in FactKind])
    object_id = models.BigIntegerField()
    subject = models.ForeignKey(
        Party, models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("fact change")
        verbose_name_plural = _("fact changes")

    def __str__(self) -> str:
        return f"{self.kind} #{self.object_id}"
