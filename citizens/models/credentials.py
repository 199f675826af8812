"""Papers, cards and licences that were granted, and the events of a life."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.enums import CredentialStatus, EventRole, LifeEventKind
from citizens.models.parties import Party
from citizens.models.places import Unit
from portal.common.crypto import keyed_index, seal_text, unseal_text
from portal.common.models import public_id, recorded_at

CREDENTIAL_STATUSES = [
    (CredentialStatus.VALID, _("Valid")),
    (CredentialStatus.REVOKED, _("Revoked")),
    (CredentialStatus.LOST, _("Lost")),
    (CredentialStatus.SUPERSEDED, _("Superseded")),
]
EVENT_KINDS = [
    (LifeEventKind.BIRTH_NOTIFIED, _("Birth notified")),
    (LifeEventKind.BIRTH_REGISTERED, _("Birth registered")),
    (LifeEventKind.DEATH_NOTIFIED, _("Death notified")),
    (LifeEventKind.DEATH_REGISTERED, _("Death registered")),
    (LifeEventKind.CONSTRUCTION_PERMIT_ISSUED, _("Construction permit issued")),
    (LifeEventKind.CREDENTIAL_LOST_OR_DAMAGED, _("Paper lost or damaged")),
    (LifeEventKind.MOVED, _("Moved")),
    (LifeEventKind.MARRIAGE, _("Marriage")),
    (LifeEventKind.INCOME_SHOCK_OR_DISASTER, _("Income shock or disaster")),
    (LifeEventKind.BUSINESS_REGISTERED, _("Business registered")),
    (LifeEventKind.HOUSEHOLD_STATUS_CHANGED, _("Household status changed")),
]


class CredentialQuerySet(models.QuerySet["Credential"]):
    def live(self) -> CredentialQuerySet:
        """Credentials that stand; an expiry date in the past does not end that."""
        return self.filter(status=CredentialStatus.VALID)

    def known(self) -> CredentialQuerySet:
        """Credentials that stand or were lost: of both the register still knows what they said."""
        return self.filter(status__in=(CredentialStatus.VALID, CredentialStatus.LOST))

    def of_kind(self, kind: str) -> CredentialQuerySet:
        """Credentials of one kind, by the catalogue's key (`driving_licence`, …)."""
        return self.filter(kind=kind)

    def expiring_between(self, first: date, last: date) -> CredentialQuerySet:
        """Credentials whose last day is within `first` … `last`, both included."""
        return self.filter(expires_on__range=(first, last))


class Credential(models.Model):
    """What a register says was granted to a holder.

    `term` counts cycles: it rises when the paper was renewed, not when a date is corrected.
    """

    holder = models.ForeignKey(Party, models.PROTECT, db_index=False, related_name="credentials")
    kind = models.CharField(_("kind"), max_length=40)
    # Not checked row by row, nor indexed beside the unique key: imports write them by the million.
    register = models.ForeignKey(
        "citizens.Register",
        models.PROTECT,
        related_name="credentials",
        db_constraint=False,
        db_index=False,
    )
    number_index = models.BinaryField(max_length=32, editable=False)
    number_enc = models.BinaryField(editable=False)
    category = models.CharField(_("class"), max_length=40, blank=True, default="", db_default="")
    term = models.PositiveIntegerField(_("term"), default=1, db_default=1)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    issuer = models.CharField(_("issuer"), max_length=200, blank=True, default="", db_default="")
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=CREDENTIAL_STATUSES,
        default=CredentialStatus.VALID,
        db_default=CredentialStatus.VALID,
    )
    details = models.JSONField(_("details"), default=dict, db_default={})
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    as_of = models.DateField(_("as of"))
    batch = models.ForeignKey(
        "citizens.Batch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    public_id = public_id()

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        # They hold what a scan asks of papers: fetching a paper costs more than all else of it.
        indexes = [
            models.Index(
                fields=["kind", "expires_on"],
                include=["id", "holder", "term", "category", "status"],
                name="credential_kind_expiry",
            ),
            models.Index(
                fields=["holder", "kind"],
                include=["status", "issued_on"],
                name="credential_holder_kind",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "kind", "number_index"], name="credential_number_once"
            ),
            models.CheckConstraint(
                name="credential_expires_after_issue",
                condition=models.Q(expires_on__isnull=True)
                | models.Q(expires_on__gte=models.F("issued_on")),
                violation_error_message=_("A paper cannot expire before it was issued."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @staticmethod
    def index_of(register: str, kind: str, number: str) -> bytes:
        """Return the keyed index of a paper's number."""
        return keyed_index("credential", register, kind, number)

    @staticmethod
    def seal_number(register: str, kind: str, number: str) -> bytes:
        """Return the number encrypted for the row that it identifies."""
        identity = Credential.index_of(register, kind, number)
        return seal_text(
            number, table="citizens_credential", column="number_enc", identity=identity
        )

    @property
    def number(self) -> str:
        """The paper's number in clear."""
        identity = bytes(self.number_index)
        return unseal_text(
            self.number_enc, table="citizens_credential", column="number_enc", identity=identity
        )


class LifeEvent(models.Model):
    """Something that happened to people, as a register told it, once by `natural_key`."""

    kind = models.CharField(_("kind"), max_length=32, choices=EVENT_KINDS)
    natural_key = models.CharField(max_length=80)
    occurred_on = models.DateField(_("occurred on"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    register = models.ForeignKey("citizens.Register", models.PROTECT, related_name="+")
    body = models.JSONField(default=dict, db_default={})
    as_of = models.DateField(_("as of"))
    batch = models.ForeignKey(
        "citizens.Batch",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    recorded_at = recorded_at()
    public_id = public_id()

    class Meta:
        verbose_name = _("life event")
        verbose_name_plural = _("life events")
        indexes = [models.Index(fields=["kind", "occurred_on"], name="life_event_kind_day")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "natural_key"], name="life_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurred_on:%d/%m/%Y}"


class EventParty(models.Model):
    """Who takes part in an event; a notified birth has a mother and no child row yet."""

    event = models.ForeignKey(LifeEvent, models.CASCADE, related_name="parties")
    party = models.ForeignKey(Party, models.PROTECT, related_name="events")
    role = models.CharField(max_length=10, choices=[(r, r) for r in EventRole])

    class Meta:
        verbose_name = _("party to an event")
        verbose_name_plural = _("parties to events")
        constraints = [
            models.UniqueConstraint(fields=["event", "party", "role"], name="event_party_once")
        ]

    def __str__(self) -> str:
        return f"#{self.event_id} {self.role}"
