"""Who may speak for a unit about its lateness, and who judges what the unit says."""

from __future__ import annotations

from datetime import date

from django.db.models import F, QuerySet

from citizens.enums import Role
from citizens.models import User
from citizens.selectors import line_of, roles_of
from dossiers.enums import Actor
from dossiers.models import Dispute, Dossier
from dossiers.selectors.acting import actors_of, is_own_family

JUDGES = frozenset({Role.HEAD_OF_UNIT, Role.PROVINCIAL_LEADER, Role.APPROVER})
SPEAKERS = frozenset({Actor.CASE_OFFICER, Actor.HEAD_OF_UNIT})


def may_speak_for(*, dossier: Dossier, user: User, day: date) -> bool:
    """Return whether `user` works for the unit that decides, and is not family."""
    return bool(actors_of(dossier=dossier, user=user, day=day) & SPEAKERS)


def may_judge(*, dispute: Dispute, user: User, day: date) -> bool:
    """Return whether `user` may decide: leads the unit or one above, and has no part in it."""
    dossier = dispute.dossier
    if dispute.raised_by_id == user.pk or dossier.assignee_id == user.pk:
        return False
    if dossier.events.filter(official=user).exists():
        return False
    if is_own_family(dossier=dossier, user=user, day=day):
        return False
    units = line_of(dossier.competent.unit)
    return any(
        grant.role in JUDGES and grant.unit_id in units for grant in roles_of(user=user, day=day)
    )


def disputes_of(*, dossiers: QuerySet[Dossier]) -> QuerySet[Dispute]:
    """Return the disputes of these dossiers, open ones first, then the latest decided."""
    rows = Dispute.objects.filter(dossier__in=dossiers.values("pk"))
    return rows.select_related(
        "dossier__competent__unit", "dossier__procedure_version", "raised_by", "decided_by"
    ).order_by(F("decided_at").desc(nulls_first=True), "raised_at")
