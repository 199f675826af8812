"""Files, the papers they stand for, and the result that goes back into a register."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, Citizen, Credential, Official, Party, User
from dossiers.enums import DocumentOrigin, FormKind, FormOrderState, ScanVerdict
from dossiers.models.dossiers import Dossier
from portal.common.models import Versioned, public_id, recorded_at

DOCUMENT_ORIGINS = [
    (DocumentOrigin.UPLOAD, _("Uploaded")),
    (DocumentOrigin.RESULT, _("Result")),
    (DocumentOrigin.REGISTER, _("From a register")),
]
VERDICTS = [
    (ScanVerdict.PENDING, _("Not yet checked")),
    (ScanVerdict.STRUCTURE, _("Checked by its structure")),
    (ScanVerdict.CLEAN, _("Checked")),
    (ScanVerdict.INFECTED, _("Infected")),
]
FORM_KINDS = [
    (FormKind.RECEIPT, _("Receipt and appointment")),
    (FormKind.SUPPLEMENT, _("Request for papers")),
    (FormKind.REFUSAL, _("Refusal to receive")),
    (FormKind.APOLOGY, _("Apology and new date")),
    (FormKind.STOP, _("Notice that processing stopped")),
    (FormKind.CONTROL, _("Control slip")),
    (FormKind.LOG, _("Log of dossiers")),
    (FormKind.RESULT, _("Result")),
    (FormKind.CONGRATULATION, _("Letter of congratulation")),
    (FormKind.CONDOLENCE, _("Letter of condolence")),
    (FormKind.FEE_RECEIPT, _("Receipt for a fee")),
]
FORM_ORDER_STATES = [
    (FormOrderState.WAITING, _("To be made")),
    (FormOrderState.MAKING, _("Being made")),
    (FormOrderState.MADE, _("Made")),
    (FormOrderState.PARKED, _("Cannot be made")),
]


class DigitisingBatch(Versioned):
    """Old paper results that an official scans, indexes, signs and links to people, in one go."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="digitising_batches")
    official = models.ForeignKey(Official, models.PROTECT, related_name="digitising_batches")
    name = models.CharField(_("name"), max_length=120)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("batch of old papers")
        verbose_name_plural = _("batches of old papers")

    def __str__(self) -> str:
        return self.name


class Document(models.Model):
    """A file by its content; the stored name is random, the given name is only shown."""

    owner = models.ForeignKey(Party, models.PROTECT, related_name="documents")
    origin = models.CharField(max_length=10, choices=DOCUMENT_ORIGINS)
    given_name = models.CharField(_("file name"), max_length=120)
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64)
    stored_name = models.CharField(max_length=64, unique=True)
    scan_state = models.CharField(max_length=10, choices=VERDICTS, default=ScanVerdict.PENDING)
    # What a result or a digitised paper is, for the repository of its owner.
    title_vi = models.CharField(_("paper"), max_length=400, blank=True, default="", db_default="")
    component_code = models.CharField(max_length=20, blank=True, default="", db_default="")
    number = models.CharField(_("number"), max_length=60, blank=True, default="", db_default="")
    issuer = models.CharField(_("issued by"), max_length=250, blank=True, default="", db_default="")
    issued_on = models.DateField(_("issued on"), null=True)
    is_signed = models.BooleanField(_("signed"), default=False, db_default=False)
    digitised_by = models.ForeignKey(
        Official, models.PROTECT, null=True, related_name="digitised_documents"
    )
    batch = models.ForeignKey(
        "DigitisingBatch", models.PROTECT, null=True, related_name="documents"
    )
    removed_at = models.DateTimeField(_("taken out of the repository at"), null=True)
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.given_name


class PreparedPaper(models.Model):
    """A file that somebody laid ready for a component before they file or supplement a dossier.

    It stands until it is handed in with a dossier of this owner, changed, or taken away.
    """

    applicant = models.ForeignKey(Citizen, models.CASCADE, related_name="prepared_papers")
    owner = models.ForeignKey(Party, models.CASCADE, related_name="prepared_papers")
    component_code = models.CharField(_("component"), max_length=20)
    document = models.ForeignKey(Document, models.CASCADE, related_name="prepared_for")
    laid_at = models.DateTimeField(_("laid ready at"))

    class Meta:
        verbose_name = _("paper laid ready")
        verbose_name_plural = _("papers laid ready")
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "owner", "component_code"], name="prepared_paper_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.component_code} {self.document}"


class DossierPaper(models.Model):
    """A component of a dossier: satisfied by a register, by a file, or to be shown later."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="papers")
    component_code = models.CharField(_("component"), max_length=20)
    name_vi = models.CharField(_("paper"), max_length=400)
    satisfied_by = models.CharField(_("satisfied by"), max_length=60, blank=True, default="")
    as_of = models.DateField(_("as of"), null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="papers")
    digitised_at = models.DateTimeField(_("digitised at"), null=True)
    digitised_by = models.ForeignKey(
        Official, models.PROTECT, null=True, related_name="digitised_papers"
    )
    asked_at = models.DateTimeField(_("asked for at"), null=True)

    class Meta:
        verbose_name = _("paper of a dossier")
        verbose_name_plural = _("papers of a dossier")
        ordering = ["component_code"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "component_code"], name="dossier_paper_once")
        ]

    def __str__(self) -> str:
        return self.name_vi


class Result(models.Model):
    """What a dossier came to; a granted credential was written back to its register."""

    dossier = models.OneToOneField(Dossier, models.PROTECT, related_name="result")
    code = models.CharField(_("result type"), max_length=20, blank=True, default="")
    name_vi = models.CharField(_("result"), max_length=250)
    credential = models.ForeignKey(Credential, models.PROTECT, null=True, related_name="results")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="results")
    decided_on = models.DateField(_("decided on"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")

    def __str__(self) -> str:
        return self.name_vi


class SupplementRequest(models.Model):
    """What was asked for after filing: components that the released version lists, and why."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="supplement_requests")
    components = models.JSONField(_("components"), default=list)
    note = models.CharField(_("reason"), max_length=500)
    official = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    answered_at = models.DateTimeField(_("answered at"), null=True)

    class Meta:
        verbose_name = _("request for papers")
        verbose_name_plural = _("requests for papers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=models.Q(answered_at__isnull=True),
                name="supplement_once_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.asked_at:%d/%m/%Y}"


class IssuedForm(models.Model):
    """A form, letter or result made of a dossier; `form_version` names the law it follows.

    With `verify_code` (random, 94 bits) anybody may ask the public page whether it is genuine.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="issued_forms")
    kind = models.CharField(_("form"), max_length=16, choices=FORM_KINDS)
    form_version = models.CharField(_("form of"), max_length=40)
    document = models.ForeignKey(Document, models.PROTECT, related_name="issued_as")
    verify_code = models.CharField(max_length=20, unique=True)
    official = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(_("issued at"))

    class Meta:
        verbose_name = _("issued form")
        verbose_name_plural = _("issued forms")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.dossier} {self.kind}"


class FormOrder(models.Model):
    """A step calls for a paper: written with the step, fulfilled afterwards, once a step and kind.

    `reason` says why the last attempt failed; a parked order waits for an operator.
    """

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="form_orders")
    event = models.ForeignKey("DossierEvent", models.PROTECT, related_name="form_orders")
    kind = models.CharField(_("form"), max_length=16, choices=FORM_KINDS)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        _("state"), max_length=10, choices=FORM_ORDER_STATES, default=FormOrderState.WAITING
    )
    due_at = models.DateTimeField(_("due at"))
    lease_until = models.DateTimeField(null=True)
    attempt = models.PositiveIntegerField(_("attempts"), default=0)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    form = models.OneToOneField(IssuedForm, models.PROTECT, null=True, related_name="order")
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("paper to be made")
        verbose_name_plural = _("papers to be made")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="form_order_open",
                condition=~models.Q(state=FormOrderState.MADE),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "kind"], name="form_order_once_a_step"),
            models.CheckConstraint(
                name="form_order_made_with_form",
                condition=models.Q(state=FormOrderState.MADE, form__isnull=False)
                | (~models.Q(state=FormOrderState.MADE) & models.Q(form__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier} {self.kind}"
