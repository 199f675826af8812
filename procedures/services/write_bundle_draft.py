"""An official begins a new version of a bundle from the one that holds."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from citizens.models import User
from procedures.enums import VersionStatus
from procedures.models import Bundle, BundleVersion
from procedures.services.drafts import begun_from


@transaction.atomic
def write_bundle_draft(*, bundle: Bundle, by: User, day: date) -> BundleVersion:
    """Return a new draft that says what the version in force on the civil date `day` says.

    Where none holds it says what the newest version said. RefusedError while another draft waits,
    or when the bundle has no version at all.
    """
    origin, number = begun_from(bundle, day)
    return BundleVersion.objects.create(
        bundle=bundle,
        number=number,
        definition=origin.definition,
        name_vi=origin.name_vi,
        name_en=origin.name_en,
        valid=DateRange(None, None),
        status=VersionStatus.DRAFT,
        written_by=by,
    )
