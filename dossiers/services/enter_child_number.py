"""A newborn registered without a personal number is given it; what waited for it goes on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Citizen, User
from citizens.services.personal_numbers import give_number, registration_of
from citizens.services.register_birth import born_of
from dossiers.bundle_rules import AWAITS_NUMBER
from dossiers.enums import Actor, BundleStepState
from dossiers.models import BundleCase, BundleStep, Dossier
from dossiers.selectors import actors_of, definition_of, is_birth
from dossiers.services.grant_result import bears_number
from dossiers.services.locks import locked_case
from portal.common import clock
from portal.common.errors import RefusedError

_ENTERING = frozenset({Actor.CASE_OFFICER, Actor.HEAD_OF_UNIT})


def numberless_child(*, dossier: Dossier) -> Citizen | None:
    """Return the child whose number is to be entered at this dossier; None for any other dossier.

    At its birth once that is registered (the civil register), and at a paper that bears the number
    (the police).
    """
    if is_birth(dossier):
        child = born_of(reference=dossier.code)
    elif bears_number(definition_of(dossier=dossier)):
        child = Citizen.objects.filter(pk=dossier.owner_id).first()
    else:
        return None
    if child is None or child.pin_index is not None:
        return None
    return child if is_birth(dossier) or registration_of(child=child) else None


def may_enter_number(*, dossier: Dossier, user: User, now: datetime) -> bool:
    """Return whether the official handles this dossier; not for own family."""
    return bool(_ENTERING & actors_of(dossier=dossier, user=user, day=clock.civil_date(now)))


@transaction.atomic
def enter_child_number(*, dossier: Dossier, user: User, typed: str, now: datetime) -> Citizen:
    """Return the child of the dossier with the number that an official typed.

    Steps of its case that waited may be filed then: a bell files them, not this transaction.
    RefusedError for who does not handle the dossier, and where the number is not the child's.
    """
    child = numberless_child(dossier=dossier)
    if child is None:
        raise RefusedError(_("The number of this child is known already, or not for us to enter."))
    if not may_enter_number(dossier=dossier, user=user, now=now):
        raise RefusedError(_("You may not take this step for this dossier."))
    case = _case_of(child)
    held = case and locked_case(case)
    given = give_number(child=child, typed=typed)
    if held is not None:
        _free(held, now)
    return given


def _case_of(child: Citizen) -> BundleCase | None:
    code = registration_of(child=child)
    return BundleCase.objects.filter(dossiers__code=code).first()


def _free(case: BundleCase, now: datetime) -> None:
    waiting = BundleStep.objects.filter(case=case, state=BundleStepState.READY)
    for step in waiting.filter(reason__startswith=AWAITS_NUMBER):
        step.reason, step.changed_at = "", now
        step.version += 1
        step.save(update_fields=["reason", "changed_at", "version"])
