"""Each page that shows people leaves one row in the log of views, before it leaves the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from django.http import HttpRequest

from citizens.enums import Role, ViewPurpose
from citizens.models import User
from citizens.services import record_access
from portal.office.standing import standing_of
from portal.office.table_files import asks_for_workbook

_PAGE_LENGTH = 80
_FIELD_LENGTH = 40


def log_people_shown(
    request: HttpRequest,
    *,
    people: Iterable[int | None],
    fields: Sequence[str],
    purpose: ViewPurpose,
    reference: str = "",
) -> None:
    """Record that the official saw `fields` of these parties; nothing when nobody was shown.

    Whoever is here only as an auditor looks for the purpose of audit, whatever the desk.
    """
    subjects = sorted({person for person in people if person is not None})
    if not subjects:
        return
    if standing_of(request).roles == {Role.AUDITOR}:
        purpose = ViewPurpose.AUDIT
    if not reference and asks_for_workbook(request):
        reference = "XLSX"
    match = request.resolver_match
    record_access(
        actor=cast(User, request.user),
        purpose=purpose,
        page=(match.view_name if match else request.path)[:_PAGE_LENGTH],
        fields=[field[:_FIELD_LENGTH] for field in fields],
        subject_ids=subjects,
        reference=reference,
    )
