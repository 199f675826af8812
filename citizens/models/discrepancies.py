"""Where registers, or a person and a register, do not agree: cases with an owner and a due date."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import DiscrepancyKind, DiscrepancyState, FactTable
from citizens.models.accounts import User
from citizens.models.parties import Party
from citizens.models.places import Agency
from citizens.models.registers import Batch, Register
from portal.common.crypto import seal_text, unseal_text
from portal.common.models import Versioned, public_id, recorded_at

KINDS = [
    (DiscrepancyKind.NAME, _("Name")),
    (DiscrepancyKind.BIRTH_DATE, _("Birth date")),
    (DiscrepancyKind.GENDER, _("Sex")),
    (DiscrepancyKind.ADDRESS, _("Address")),
    (DiscrepancyKind.ALIVE, _("Alive or dead")),
    (DiscrepancyKind.IDENTITY, _("Identity")),
    (DiscrepancyKind.CONTESTED, _("Contested by the person")),
]
STATES = [
    (DiscrepancyState.OPEN, _("Open")),
    (DiscrepancyState.CORRECTED, _("Corrected")),
    (DiscrepancyState.UPHELD, _("Found right as it stands")),
    (DiscrepancyState.WITHDRAWN, _("Settled by itself")),
]
TABLES = [
    (FactTable.CITIZEN, _("Person")),
    (FactTable.CREDENTIAL, _("Paper")),
    (FactTable.RECORD, _("Register record")),
    (FactTable.ORGANISATION, _("Organisation")),
]


class DiscrepancyQuerySet(models.QuerySet["Discrepancy"]):
    def open(self) -> DiscrepancyQuerySet:
        """Cases that nobody has decided yet."""
        return self.filter(state=DiscrepancyState.OPEN)


class Discrepancy(Versioned):
    """`register` holds one value of `column`, `other_register` or the person states another.

    `table`, `object_id` and `column` say which stored value it is about (for a record, `column` is
    the key in its body). Values are as forms write them; identifiers are masked. The person is
    never blocked by it: it is a case of `owner`, due on the civil date `due_on`.
    """

    subject = models.ForeignKey(Party, models.PROTECT, related_name="discrepancies")
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS)
    table = models.CharField(max_length=12, choices=TABLES)
    object_id = models.BigIntegerField()
    column = models.CharField(_("field"), max_length=60)
    register = models.ForeignKey(
        Register, models.PROTECT, related_name="+", verbose_name=_("register")
    )
    other_register = models.ForeignKey(
        Register,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("stated by"),
    )
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="+", db_index=False)
    held_value = models.TextField(_("held"), blank=True, default="", db_default="")
    stated_value = models.TextField(_("stated"), blank=True, default="", db_default="")
    note_enc = models.BinaryField(null=True, editable=False)
    raised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(
        Agency, models.PROTECT, related_name="discrepancies", verbose_name=_("who settles it")
    )
    opened_on = models.DateField(_("opened on"))
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=STATES,
        default=DiscrepancyState.OPEN,
        db_default=DiscrepancyState.OPEN,
    )
    decision = models.CharField(
        _("decision"), max_length=300, blank=True, default="", db_default=""
    )
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    recorded_at = recorded_at()
    public_id = public_id()

    objects = DiscrepancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("discrepancy")
        verbose_name_plural = _("discrepancies")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["owner", "due_on"],
                name="discrepancy_to_settle",
                condition=Q(state=DiscrepancyState.OPEN),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "object_id", "column"],
                condition=Q(state=DiscrepancyState.OPEN),
                name="discrepancy_open_once",
            ),
            models.CheckConstraint(
                name="discrepancy_decided_whole",
                condition=Q(state__in=(DiscrepancyState.OPEN, DiscrepancyState.WITHDRAWN))
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                violation_error_message=_("A decision names who decided and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    def seal_note(self, note: str) -> bytes:
        """Return the person's own words encrypted for this case (they may name anything)."""
        return seal_text(
            note,
            table="citizens_discrepancy",
            column="note_enc",
            identity=self.public_id.bytes,
        )

    @property
    def note(self) -> str:
        """What the person wrote, in clear; log who reads it."""
        if self.note_enc is None:
            return ""
        return unseal_text(
            self.note_enc,
            table="citizens_discrepancy",
            column="note_enc",
            identity=self.public_id.bytes,
        )


class Correction(models.Model):
    """A decided value that wins over what its register goes on delivering, until it delivers it.

    While `settled_at` is empty an import that states `replaced` again keeps `value`; one that
    states `value` settles it; one that states a third value opens a Discrepancy.
    """

    subject = models.ForeignKey(Party, models.PROTECT, related_name="corrections")
    register = models.ForeignKey(Register, models.PROTECT, related_name="+")
    discrepancy = models.ForeignKey(Discrepancy, models.PROTECT, null=True, related_name="+")
    table = models.CharField(max_length=12, choices=TABLES)
    object_id = models.BigIntegerField()
    column = models.CharField(_("field"), max_length=60)
    value = models.TextField(_("corrected value"))
    replaced = models.TextField(_("replaced value"), blank=True, default="", db_default="")
    as_of = models.DateField(_("as of"))
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(_("register caught up"), null=True)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.UniqueConstraint(
                fields=["table", "object_id", "column"],
                condition=Q(settled_at__isnull=True),
                name="correction_standing_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.table}.{self.column} #{self.object_id}"
