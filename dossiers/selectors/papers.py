"""Reads of files and papers: what may be shown, whose it is, what waits for its check."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from citizens.models import Citizen, Party
from citizens.selectors.helping import only_helps
from dossiers.enums import (
    Action,
    BundleStepState,
    DocumentOrigin,
    FormKind,
    PaymentState,
    ScanVerdict,
)
from dossiers.models import (
    BundleStep,
    Dispute,
    Document,
    Dossier,
    DossierPaper,
    Draft,
    IssuedForm,
    PreparedPaper,
    SupplementRequest,
)
from dossiers.selectors.drafts import KEPT_DAYS


def unscanned() -> QuerySet[Document]:
    """Return the uploads on which the scanner, where there is one, has not spoken."""
    waiting = [ScanVerdict.PENDING]
    if settings.CLAMD_URL:
        waiting.append(ScanVerdict.STRUCTURE)
    return Document.objects.filter(origin=DocumentOrigin.UPLOAD, scan_state__in=waiting)


def oldest_unscanned_at() -> datetime | None:
    """Return since when the oldest upload waits for the scanner, None where none does."""
    oldest = unscanned().order_by("recorded_at").values_list("recorded_at", flat=True)
    return oldest.first()


def is_usable(document: Document) -> bool:
    """Return whether a file may be downloaded: what we made, or what was found harmless (F31).

    With a scanner set up only its word counts; waiting for it means no.
    """
    if document.origin != DocumentOrigin.UPLOAD:
        return document.scan_state != ScanVerdict.INFECTED
    return document.scan_state in _harmless()


def usable() -> Q:
    """Return `is_usable` as a condition on documents."""
    made_here = ~Q(origin=DocumentOrigin.UPLOAD) & ~Q(scan_state=ScanVerdict.INFECTED)
    return made_here | Q(origin=DocumentOrigin.UPLOAD, scan_state__in=_harmless())


def _harmless() -> tuple[ScanVerdict, ...]:
    if settings.CLAMD_URL:
        return (ScanVerdict.CLEAN,)
    return (ScanVerdict.CLEAN, ScanVerdict.STRUCTURE)


# ------------------------------------------------------------------------- a dossier's own papers
def missing_papers(*, dossier: Dossier) -> QuerySet[DossierPaper]:
    """Return the papers that no register answers for and of which no readable file is there."""
    there = Document.objects.filter(usable())
    return dossier.papers.filter(satisfied_by="").exclude(document__in=there)


def open_supplement(*, dossier: Dossier) -> SupplementRequest | None:
    """Return the demand for papers that waits for its answer."""
    return dossier.supplement_requests.filter(answered_at=None).last()


def digitised_share(dossiers: QuerySet[Dossier]) -> tuple[int, int]:
    """Return (dossiers in processing or beyond with every paper digitised, all of them)."""
    begun = dossiers.filter(events__action=Action.START_PROCESSING).distinct()
    lacking = DossierPaper.objects.filter(satisfied_by="", document=None)
    return begun.exclude(papers__in=lacking).count(), begun.count()


# ------------------------------------------------------------------------------- the repository
def repository_of(*, parties: Collection[int]) -> QuerySet[Document]:
    """Return the files of these parties that they may use again, the latest first."""
    return (
        Document.objects.filter(~kept_back(), owner__in=parties, removed_at=None)
        .select_related("owner__citizen", "owner__organisation", "digitised_by__user")
        .order_by("-recorded_at", "-pk")
    )


def kept_back(document: str = "pk") -> Exists:
    """Return as a condition on rows with this document: a result whose fee is still to be paid."""
    unpaid = IssuedForm.objects.filter(
        document=OuterRef(document), kind=FormKind.RESULT, dossier__payments__state=PaymentState.DUE
    )
    return Exists(unpaid)


def reusable_papers(*, reader: Citizen, owner: Party, day: date) -> QuerySet[Document]:
    """Return the owner's files that the reader may hand in again on `day`: a helper sees none."""
    files = repository_of(parties=[owner.pk])
    return files.none() if only_helps(helper=reader, party=owner, day=day) else files


def prepared_papers(*, applicant: Citizen, owner: Party) -> QuerySet[PreparedPaper]:
    """Return what the applicant laid ready for this owner."""
    rows = PreparedPaper.objects.filter(applicant=applicant, owner=owner)
    return rows.select_related("document")


def laid_ready(*, applicant: Citizen, owner: Party) -> dict[str, PreparedPaper]:
    """Return what the applicant laid ready for this owner, by component."""
    rows = prepared_papers(applicant=applicant, owner=owner)
    return {row.component_code: row for row in rows}


def forgotten_choices(*, now: datetime) -> QuerySet[PreparedPaper]:
    """Return what was laid ready 30 days ago or longer and waits for no filing any more.

    A draft that somebody still writes, a step of a case that comes later, and papers that an office
    asked for are waited for.
    """
    pair = {"applicant": OuterRef("applicant"), "owner": OuterRef("owner")}
    oldest = now - timedelta(days=KEPT_DAYS)
    to_come = (BundleStepState.WAITING, BundleStepState.READY)
    asked = SupplementRequest.objects.filter(answered_at=None, dossier__owner=OuterRef("owner"))
    steps = BundleStep.objects.filter(state__in=to_come, case__owner=OuterRef("owner"))
    waited_for = (
        Exists(Draft.objects.filter(**pair, saved_at__gte=oldest))
        | Exists(steps.filter(case__applicant=OuterRef("applicant")))
        | Exists(asked.filter(dossier__applicant=OuterRef("applicant")))
    )
    return PreparedPaper.objects.filter(~waited_for, laid_at__lt=oldest)


def forgotten_uploads(*, now: datetime) -> QuerySet[Document]:
    """Return the files that citizens sent 30 days ago or longer and that belong to nothing."""
    used_by = (
        PreparedPaper.objects.filter(document=OuterRef("pk")),
        DossierPaper.objects.filter(document=OuterRef("pk")),
        Dispute.objects.filter(evidence=OuterRef("pk")),
    )
    sent = Document.objects.filter(
        origin=DocumentOrigin.UPLOAD,
        digitised_by=None,
        recorded_at__lt=now - timedelta(days=KEPT_DAYS),
    )
    return sent.filter(*[~Exists(rows) for rows in used_by]).order_by("pk")
