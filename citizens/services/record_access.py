"""Write down who looked at whom (Luật 91/2025/QH15): one row a view, never changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence

from citizens.enums import ViewPurpose
from citizens.models import AccessLog, Official, User


def record_access(
    *,
    actor: User,
    purpose: ViewPurpose,
    page: str,
    fields: Sequence[str],
    subject_ids: Sequence[int],
    reference: str = "",
    even_of_nobody: bool = False,
) -> None:
    """Record that `actor` was shown `fields` of the parties `subject_ids` on `page`.

    Nothing is written when nobody was shown, unless `even_of_nobody`: where data of people was
    shown of whom nobody could be recognised. The office is the actor's own at that moment. Call it
    in the transaction of the view, so that a view that cannot be logged is not shown.
    """
    subjects = sorted(set(subject_ids))
    if not subjects and not even_of_nobody:
        return
    official: Official | None = getattr(actor, "official", None)
    office = official.agency_id if official else None
    AccessLog.objects.create(
        actor=actor,
        office_id=office,
        purpose=purpose,
        page=page,
        fields=list(fields),
        subject_ids=subjects,
        reference=reference,
    )
