"""An official scans a paper that was brought, compares it, and lays it to its dossier."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Official
from dossiers.models import Document, Dossier, DossierPaper
from dossiers.selectors import definition_of
from dossiers.services.keep_upload import Scan, keep_upload
from portal.common.errors import RefusedError


def digitise_paper(
    *,
    dossier: Dossier,
    component_code: str,
    official: Official,
    data: bytes,
    given_name: str,
    now: datetime,
) -> Document:
    """Keep a scan of a component and lay it to the dossier; return the document.

    RefusedError for a component that the released version does not list, and for what
    `keep_upload` refuses. The file is the owner's, so they find it in their repository.
    """
    listed = {one.code: one.name_vi for one in definition_of(dossier=dossier).components}
    if component_code not in listed:
        raise RefusedError(_("The procedure does not list this paper."))
    document = keep_upload(
        owner=dossier.owner,
        data=data,
        given_name=given_name,
        component_code=component_code,
        title_vi=listed[component_code],
        scan=Scan(official),
    )
    with transaction.atomic():
        DossierPaper.objects.update_or_create(
            dossier=dossier,
            component_code=component_code,
            defaults={"document": document, "digitised_at": now, "digitised_by": official},
            create_defaults={
                "name_vi": listed[component_code],
                "document": document,
                "digitised_at": now,
                "digitised_by": official,
            },
        )
    return document
