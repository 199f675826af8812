"""The step of the work that a dossier is in, as its owner follows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dossiers.enums import Action, Status
from dossiers.models import Dossier, Stage
from dossiers.payments.fees import due_payment
from dossiers.selectors import timeline
from portal.common import clock
from portal.web.templatetags.portal_format import vi_date, vnd

_ASKED = {
    Status.PAYMENT_REQUESTED: Action.REQUEST_PAYMENT,
    Status.SUPPLEMENT_REQUESTED: Action.REQUEST_SUPPLEMENT,
}


@dataclass(frozen=True)
class StageNow:
    """The step, whose office and official it is with, and since which civil date."""

    name: str
    agency: str
    official: str
    since: date


def stage_now(dossier: Dossier) -> StageNow | None:
    """Return the step that a dossier of `dossier_for` is in, None where nobody works on it."""
    stage: Stage | None = getattr(dossier, "open_stage", None)
    if stage is None or stage.entered_at is None:
        return None
    return StageNow(
        name=stage.name_vi,
        agency=stage.agency.name_vi,
        official=str(stage.official) if stage.official else "",
        since=clock.civil_date(stage.entered_at),
    )


def waits_for(dossier: Dossier) -> str:
    """Return what the office waits for and since when, "" while it works or before and after."""
    asked = _ASKED.get(Status(dossier.status))
    if asked is None:
        return ""
    asked_at = [step.at for step in timeline(dossier=dossier) if step.action is asked]
    since = {"day": vi_date(clock.civil_date(asked_at[-1])) if asked_at else ""}
    if asked is Action.REQUEST_SUPPLEMENT:
        return _("The office waits for the papers that it asked for on %(day)s.") % since
    payment = due_payment(dossier)
    if payment is None:
        return _("The office waits for the fee that it asked for on %(day)s.") % since
    told = {**since, "amount": vnd(payment.amount_vnd)}
    return _("The office waits for the fee of %(amount)s that it asked for on %(day)s.") % told
