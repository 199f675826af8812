"""Files, the papers they stand for, and the result that goes back into a register."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.models import Credential, Party
from dossiers.enums import DocumentOrigin, ScanVerdict
from dossiers.models.dossiers import Dossier
from portal.common.models import public_id, recorded_at

DOCUMENT_ORIGINS = [
    (DocumentOrigin.UPLOAD, _("Uploaded")),
    (DocumentOrigin.RESULT, _("Result")),
    (DocumentOrigin.REGISTER, _("From a register")),
]
VERDICTS = [
    (ScanVerdict.PENDING, _("Not yet checked")),
    (ScanVerdict.CLEAN, _("Checked")),
    (ScanVerdict.INFECTED, _("Infected")),
]


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
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.given_name


class DossierPaper(models.Model):
    """A component of a dossier: satisfied by a register, by a file, or to be shown later."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="papers")
    component_code = models.CharField(_("component"), max_length=20)
    name_vi = models.CharField(_("paper"), max_length=400)
    satisfied_by = models.CharField(_("satisfied by"), max_length=60, blank=True, default="")
    as_of = models.DateField(_("as of"), null=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="papers")

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
