"""An office offers a family the step of their case that was left out; the family decides."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.bundle_rules import Child, Move, may
from dossiers.enums import BundleStepState
from dossiers.models import BundleStep, Dossier
from dossiers.selectors import actors_of
from dossiers.services.locks import locked_case
from dossiers.services.tell_case import tell_step
from portal.common import clock
from portal.common.errors import RefusedError

TOPIC = "bundle_step_offered"


def may_be_offered(step: BundleStep) -> bool:
    """Return whether the family may still add the step: left out, not spared, not closed."""
    state = BundleStepState(step.state)
    return may(Child(step.procedure.code, state, reason=step.reason), Move.RESTORE)


def may_offer(*, dossier: Dossier, user: User, day: date) -> bool:
    """Return whether the official works on this dossier of the case; not for own family."""
    return bool(actors_of(dossier=dossier, user=user, day=day))


@transaction.atomic
def offer_step(*, step: BundleStep, dossier: Dossier, user: User, now: datetime) -> bool:
    """Tell who filed the case that a step can still be added; False where they were told already.

    `dossier` is the one of the same case at which the official sits. RefusedError where the step is
    not left out, and for who does not work on the dossier.
    """
    case = locked_case(step.case)
    held = BundleStep.objects.select_related("procedure").get(pk=step.pk)
    if held.case_id != dossier.bundle_case_id or not may_be_offered(held):
        raise RefusedError(_("This step cannot be offered: it is filed, spared or not needed."))
    if not may_offer(dossier=dossier, user=user, day=clock.civil_date(now)):
        raise RefusedError(_("You may not take this step for this dossier."))
    return tell_step(case=case, step=held, topic=TOPIC, now=now)
