"""A citizen's papers: laid ready for a component, handed in with a dossier, taken away again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from citizens.models import Citizen, Party
from dossiers.documents.store import forget
from dossiers.enums import DocumentOrigin, ScanVerdict
from dossiers.models import Document, Dossier, DossierPaper, PreparedPaper
from dossiers.selectors import definition_of
from dossiers.selectors.papers import laid_ready
from portal.common.errors import RefusedError


@transaction.atomic
def lay_ready(
    *, applicant: Citizen, owner: Party, component_code: str, document: Document, now: datetime
) -> None:
    """Choose a file of the owner for a component; an earlier choice for it is replaced.

    That the applicant may act for the owner is the caller's to check. RefusedError for a file of
    somebody else, one that was taken away, and one that the scanner found infected.
    """
    if document.owner_id != owner.pk or document.removed_at is not None:
        raise RefusedError(_("This paper is not in the repository of the person concerned."))
    if document.scan_state == ScanVerdict.INFECTED:
        raise RefusedError(_("This file carries a virus. Please send another one."))
    PreparedPaper.objects.update_or_create(
        applicant=applicant,
        owner=owner,
        component_code=component_code,
        defaults={"document": document, "laid_at": now},
    )


def take_away(*, applicant: Citizen, owner: Party, component_code: str) -> None:
    """Undo a choice; the file stays in the repository."""
    PreparedPaper.objects.filter(
        applicant=applicant, owner=owner, component_code=component_code
    ).delete()


@transaction.atomic
def attach_prepared(
    *,
    dossier: Dossier,
    now: datetime,
    only: Collection[str] | None = None,
    by: Citizen | None = None,
) -> list[str]:
    """Hand in what `by` (the applicant) laid ready for components of the dossier; return the codes.

    With `only` those components alone. A component that had no row gets one: it was needed in this
    case. What is known to a register is not replaced by a file.
    """
    laid = _laid_for(dossier, by or dossier.applicant)
    rows = {paper.component_code: paper for paper in dossier.papers.all()}
    handed_in = []
    for component in definition_of(dossier=dossier).components:
        choice = laid.get(component.code)
        if choice is None or (only is not None and component.code not in only):
            continue
        paper = rows.get(component.code) or DossierPaper(
            dossier=dossier, component_code=component.code, name_vi=component.name_vi
        )
        if paper.satisfied_by and only is None:
            continue
        paper.document, paper.digitised_at = choice.document, now
        paper.save()
        choice.delete()
        handed_in.append(component.code)
    return handed_in


def _laid_for(dossier: Dossier, applicant: Citizen) -> dict[str, PreparedPaper]:
    """Return what was laid ready for the dossier, also under the name that its case began with.

    The steps after a birth belong to the child; their papers were laid when there was none yet.
    """
    laid = laid_ready(applicant=applicant, owner=dossier.owner)
    case = dossier.bundle_case
    if case is None or case.owner_id == dossier.owner_id:
        return laid
    return laid_ready(applicant=applicant, owner=case.owner) | laid


@transaction.atomic
def remove_upload(*, document: Document, now: datetime) -> None:
    """Take a file out of the repository; what a dossier holds stays with the dossier.

    RefusedError for results and for what an office digitised: those are the State's to keep.
    """
    if document.origin != DocumentOrigin.UPLOAD or document.digitised_by_id is not None:
        raise RefusedError(_("Only what you sent yourself can be removed."))
    PreparedPaper.objects.filter(document=document).delete()
    name = document.stored_name
    try:
        with transaction.atomic():
            Document.objects.filter(pk=document.pk).delete()
    except ProtectedError:
        Document.objects.filter(pk=document.pk, removed_at=None).update(removed_at=now)
    else:
        transaction.on_commit(lambda: forget(name))
