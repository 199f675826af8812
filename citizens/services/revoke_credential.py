"""A paper is revoked: it stands no more, and the scan hears of it."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from citizens.enums import CredentialStatus, FactKind
from citizens.models import Credential, FactChange


@transaction.atomic
def revoke_credential(*, credential: Credential, reason: str, day: date) -> Credential:
    """Return the paper, revoked as of the civil date `day`; `reason` stands in its details.

    One that does not stand (lost, superseded, revoked before) is returned as it is.
    """
    paper = Credential.objects.select_for_update().get(pk=credential.pk)
    if paper.status != CredentialStatus.VALID:
        return paper
    paper.status, paper.as_of = CredentialStatus.REVOKED, day
    paper.details = {**paper.details, "revoked_on": day.isoformat(), "revoked_because": reason}
    paper.save(update_fields=["status", "as_of", "details"])
    FactChange.objects.create(
        kind=FactKind.CREDENTIAL, object_id=paper.pk, subject_id=paper.holder_id
    )
    return paper
