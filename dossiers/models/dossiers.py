"""The dossier: a frozen copy of what was filed, where it is, and who decides."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, Citizen, Official, Party, Unit
from dossiers.enums import DecisionMode, Origin, Status
from portal.common.crypto import seal_json, unseal_json
from portal.common.models import Versioned, public_id, recorded_at
from procedures.enums import FilingChannel
from procedures.models import Bundle, ProcedureVersion, Suggestion

STATUSES = [
    (Status.REGISTERED, _("Newly registered")),
    (Status.RECEIVED, _("Received")),
    (Status.NOT_RECEIVED, _("Not received")),
    (Status.PROCESSING, _("Being processed")),
    (Status.SUPPLEMENT_REQUESTED, _("Papers to be supplemented")),
    (Status.PAYMENT_REQUESTED, _("Payment required")),
    (Status.WITHDRAWN, _("Withdrawn by the citizen")),
    (Status.STOPPED, _("Processing stopped")),
    (Status.DONE, _("Processed")),
    (Status.RETURNED, _("Result returned")),
]
ORIGINS = [
    (Origin.CITIZEN, _("Citizen")),
    (Origin.OFFICIAL, _("Official")),
    (Origin.AGENCY, _("Agency")),
]
CHANNELS = [
    (FilingChannel.DIRECT, _("At an office")),
    (FilingChannel.ONLINE, _("Online")),
    (FilingChannel.POSTAL, _("By post")),
]
DECISION_MODES = [
    (DecisionMode.MANUAL, _("By an official")),
    (DecisionMode.AUTOMATIC, _("Automatically, with a look afterwards")),
]
ENDED_WITHOUT_RESULT = (Status.NOT_RECEIVED, Status.WITHDRAWN, Status.STOPPED)
FINISHED = (*ENDED_WITHOUT_RESULT, Status.DONE, Status.RETURNED)


class SealedForm(models.Model):
    """A form as encrypted JSON.

    A dossier's is ``{field name: {value, source, register, as_of, confirmed}}``, where `source` is
    ``register``, ``contested``, ``applicant``, ``computed`` or ``citizen`` and dates are ISO civil
    dates; of a contested value ``held`` is what the register says. A draft's is
    ``{field name: answer}``.
    """

    public_id = public_id()
    form_enc = models.BinaryField(null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def form(self) -> dict[str, Any]:
        """The form in clear, or {} before anything was entered."""
        if self.form_enc is None:
            return {}
        opened = unseal_json(
            self.form_enc,
            table=self._meta.db_table,
            column="form_enc",
            identity=self.public_id.bytes,
        )
        return dict(opened)

    @form.setter
    def form(self, fields: dict[str, Any]) -> None:
        self.form_enc = seal_json(
            fields, table=self._meta.db_table, column="form_enc", identity=self.public_id.bytes
        )


class BundleCase(SealedForm, Versioned):
    """Dossiers of one event under one tracking code; its form holds the answers given once.

    The form is ``{procedure code: {field name: answer}}``: what a child that waits is filed with.
    """

    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="cases")
    tracking_code = models.CharField(max_length=24, unique=True)
    owner = models.ForeignKey(Party, models.PROTECT, related_name="bundle_cases")
    applicant = models.ForeignKey(
        Citizen, models.PROTECT, null=True, related_name="bundle_cases_filed"
    )
    suggestion = models.ForeignKey(
        Suggestion, models.PROTECT, null=True, related_name="bundle_cases"
    )
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("bundle case")
        verbose_name_plural = _("bundle cases")

    def __str__(self) -> str:
        return self.tracking_code


class Draft(SealedForm, Versioned):
    """What a citizen has begun and not filed: no number, no status."""

    procedure_version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="drafts")
    suggestion = models.ForeignKey(
        Suggestion, models.CASCADE, null=True, blank=True, related_name="drafts"
    )
    owner = models.ForeignKey(Party, models.PROTECT, related_name="drafts_owned")
    applicant = models.ForeignKey(Citizen, models.PROTECT, related_name="drafts")
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "owner", "procedure_version", "suggestion"],
                name="draft_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure_version}"


class DossierQuerySet(models.QuerySet["Dossier"]):
    def unfinished(self) -> DossierQuerySet:
        """Dossiers on which somebody still has to do something."""
        return self.exclude(status__in=FINISHED)

    def within_unit(self, unit: Unit) -> DossierQuerySet:
        """Dossiers decided by agencies of the unit or of units below it."""
        here = Q(competent__unit=unit) | Q(competent__unit__parent=unit)
        return self.filter(here | Q(competent__unit__parent__parent=unit))

    def of_citizen(self, citizen: Citizen) -> DossierQuerySet:
        """Dossiers that this person owns or filed for somebody."""
        return self.filter(Q(owner_id=citizen.pk) | Q(applicant=citizen))

    def standing(self) -> DossierQuerySet:
        """Dossiers that are open or came to a result; after any other end one may file anew."""
        return self.exclude(status__in=ENDED_WITHOUT_RESULT)


class Dossier(SealedForm, Versioned):
    """A filed dossier; its number is given at submitting, its form never changes silently.

    `expected_on` is what the citizen is told at submitting, before an office received the dossier;
    `due_on` is what the clock's ledger says and is empty until the clock starts. `decide_by` is the
    date by which the law wants a decision whatever the count says (an expiring licence).
    """

    code = models.CharField(_("dossier code"), max_length=40, unique=True)
    status = models.PositiveSmallIntegerField(_("status"), choices=STATUSES)
    procedure_version = models.ForeignKey(
        ProcedureVersion, models.PROTECT, related_name="dossiers", verbose_name=_("procedure")
    )
    suggestion = models.ForeignKey(
        Suggestion, models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    bundle_case = models.ForeignKey(
        BundleCase, models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    owner = models.ForeignKey(
        Party, models.PROTECT, related_name="dossiers_owned", verbose_name=_("owner")
    )
    applicant = models.ForeignKey(
        Citizen, models.PROTECT, related_name="dossiers", verbose_name=_("applicant")
    )
    helped_at = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("helped at")
    )
    received_at = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("received at"),
    )
    competent = models.ForeignKey(
        Agency, models.PROTECT, related_name="dossiers", verbose_name=_("competent agency")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="dossiers", verbose_name=_("unit of the owner")
    )
    origin = models.CharField(_("origin"), max_length=10, choices=ORIGINS, default=Origin.CITIZEN)
    assignee = models.ForeignKey(
        Official,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dossiers",
        verbose_name=_("assigned to"),
    )
    channel = models.CharField(
        _("filed by way of"),
        max_length=10,
        choices=CHANNELS,
        default=FilingChannel.ONLINE,
        db_default=FilingChannel.ONLINE,
    )
    decision_mode = models.CharField(
        _("decided"),
        max_length=10,
        choices=DECISION_MODES,
        default=DecisionMode.MANUAL,
        db_default=DecisionMode.MANUAL,
    )
    returned_by = models.CharField(
        _("returned by way of"),
        max_length=10,
        choices=CHANNELS,
        blank=True,
        default="",
        db_default="",
    )
    returned_from = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("returned at"),
    )
    anchor = models.BigIntegerField(default=0, editable=False)
    # None where the catalogue names no fee; 0 is free of charge.
    fee_vnd = models.PositiveIntegerField(_("fee (đ)"), null=True, blank=True)
    # What a decision that grants money grants; None for every other.
    granted_vnd = models.PositiveIntegerField(_("amount granted (đ)"), null=True, blank=True)
    # Of the frozen form, which is sealed: how many answers it has, how many came from registers.
    field_count = models.PositiveSmallIntegerField(null=True, editable=False)
    known_field_count = models.PositiveSmallIntegerField(null=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"))
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    decide_by = models.DateField(_("to be decided by"), null=True, blank=True)
    clock_started_on = models.DateField(_("clock started on"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    # Since when the clock waits for another system; None while it does not.
    system_wait_since = models.DateTimeField(
        _("waits for another system since"), null=True, blank=True
    )
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["due_on", "submitted_at"]
        indexes = [
            models.Index(
                fields=["competent", "due_on"],
                name="dossier_queue",
                condition=~Q(status__in=FINISHED),
            ),
            models.Index(
                F("finished_at").desc(nulls_last=True),
                F("id").desc(),
                name="dossier_finished",
                condition=Q(status__in=FINISHED),
            ),
            # A part of a code is looked for: people read out its last digits.
            GinIndex(OpClass(Upper("code"), name="gin_trgm_ops"), name="dossier_code_part"),
        ]
        constraints = [
            models.CheckConstraint(
                name="dossier_status_national", condition=Q(status__range=(1, 10))
            ),
            models.UniqueConstraint(
                fields=["suggestion"],
                condition=~Q(status__in=ENDED_WITHOUT_RESULT),
                name="dossier_once_a_suggestion",
                violation_error_message=_("A dossier was already filed for this."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def appointment_on(self) -> date | None:
        """The civil date to name as the appointment: by the clock, or expected before it starts."""
        return self.due_on or self.expected_on


class CodeCounter(models.Model):
    """The last running number an agency gave on a day; read and raised under a row lock."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("dossier counter")
        verbose_name_plural = _("dossier counters")
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="code_counter_once")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.day:%d/%m/%Y}: {self.last}"
