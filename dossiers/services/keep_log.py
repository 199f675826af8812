"""Draw up the log of dossiers (form 07): set, sealed by its agency, kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from django.utils import translation
from django.utils.translation import gettext as _

from citizens.models import Agency, User
from dossiers.documents.facts.tracking import log_of
from dossiers.documents.signing import SealUnusableError, seal_of, seal_pdf
from dossiers.documents.store import store
from dossiers.documents.typesetting import typeset
from dossiers.models import Dossier, LogBook
from dossiers.services.issue_form import FORM_VERSION
from portal.common import clock
from portal.common.errors import RefusedError


def keep_log(
    *,
    agency: Agency,
    dossiers: Sequence[Dossier],
    left_count: int,
    since: date,
    until: date,
    user: User,
    now: datetime,
) -> LogBook:
    """Return the log of these dossiers in the order given, sealed and kept as it stands `now`.

    Which they are is the caller's to choose. RefusedError where the agency's seal cannot be used.
    """
    with translation.override("vi"):
        facts = log_of(
            agency=agency,
            dossiers=dossiers,
            left_out=left_count,
            since=since,
            until=until,
            official=str(user),
            today=clock.civil_date(now),
        )
    paper = typeset("log", facts, at=now)
    try:
        data = seal_pdf(paper, seal=seal_of(agency), agency=agency.name_vi, now=now)
    except SealUnusableError as unusable:
        raise RefusedError(_("The agency's seal cannot be used now.")) from unusable
    return LogBook.objects.create(
        agency=agency,
        since=since,
        until=until,
        row_count=len(dossiers),
        left_count=left_count,
        form_version=FORM_VERSION,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_name=store(data),
        official=user,
        made_at=now,
    )
