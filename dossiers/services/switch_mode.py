"""Switch a procedure's automatic decisions on or off: at once, with a reason, never undone."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.models import ModeSwitch, RiskModel
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.models import Procedure
from procedures.models.catalogue import in_force

LONGEST_REASON = 500


@transaction.atomic
def switch_mode(
    *, procedure: Procedure, is_on: bool, reason: str, user: User, now: datetime
) -> ModeSwitch:
    """Add and return the row that counts from now on; who may is the desk's to check.

    What was decided before stays decided; what waits is left to officials at once. RefusedError
    without a reason, when it stands so already, or to switch on what no version in force allows.
    """
    Procedure.objects.select_for_update(of=("self",)).get(pk=procedure.pk)
    last = ModeSwitch.objects.filter(procedure=procedure).order_by("-pk").first()
    if (last is not None and last.is_on) == is_on:
        raise RefusedError(_("It stands so already."))
    if is_on and not _is_allowed(procedure, now):
        raise RefusedError(
            _("The version in force decides nothing by itself: release one that does, by two.")
        )
    return ModeSwitch.objects.create(
        procedure=procedure, is_on=is_on, reason=_said(reason), official=user, happened_at=now
    )


@transaction.atomic
def switch_risk(*, is_on: bool, user: User, now: datetime) -> RiskModel:
    """Use the newest weights, or stop: then looks are drawn uniformly at the baseline.

    RefusedError without weights, when it stands so already, or to use weights whose measured error
    (Brier score) is not smaller than that of the baseline alone.
    """
    last = RiskModel.objects.order_by("-pk").first()
    if last is None:
        raise RefusedError(_("There are no weights yet: too few decisions were looked at."))
    if last.is_on == is_on:
        raise RefusedError(_("It stands so already."))
    score, simple = last.measured.get("brier"), last.measured.get("baseline_brier")
    if is_on and (score is None or simple is None or score >= simple):
        raise RefusedError(_("These weights foresee errors no better than the baseline does."))
    return RiskModel.objects.create(
        is_on=is_on,
        weights=last.weights,
        baseline=last.baseline,
        measured=last.measured,
        official=user,
        happened_at=now,
    )


def _is_allowed(procedure: Procedure, now: datetime) -> bool:
    versions = procedure.versions.filter(in_force(clock.civil_date(now)))
    return versions.filter(definition__automatic__max_age_days__isnull=False).exists()


def _said(reason: str) -> str:
    words = " ".join(reason.split())
    if not words:
        raise RefusedError(_("Please give the reason."))
    if len(words) > LONGEST_REASON:
        raise RefusedError(_("This is longer than %(n)d characters.") % {"n": LONGEST_REASON})
    return words
