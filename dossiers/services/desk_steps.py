"""Steps between desks: what they need, and what they change on the locked dossier."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from citizens.models import Agency, Official
from dossiers.documents.words import money
from dossiers.models import Dossier
from dossiers.payments.fees import due_payment
from dossiers.selectors import (
    definition_of,
    holder_of,
    may_work,
    standing_absence,
    was_passed_on,
)
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.enums import FilingChannel


def forward(*, dossier: Dossier, to: Agency | None, office: Agency | None, now: datetime) -> None:
    """Let the office that holds the dossier pass it on, or the competent one the competence."""
    if to is not None and to != dossier.competent:
        _give_competence(dossier, to, office, now)
        return
    if office is None or office == dossier.competent:
        raise RefusedError(_("The dossier is with the competent agency already."))
    if dossier.received_at not in (None, office):
        raise RefusedError(_("Only the office that received the dossier passes it on."))
    if was_passed_on(dossier=dossier):
        raise RefusedError(_("The dossier was passed on already."))
    dossier.received_at = office


def _give_competence(dossier: Dossier, to: Agency, office: Agency | None, now: datetime) -> None:
    """Move a dossier that came to the wrong agency of its kind; the number it has stays."""
    if office != dossier.competent:
        raise RefusedError(_("Only the competent agency passes the competence on."))
    day = clock.civil_date(now)
    same = Agency.objects.filter(kind=dossier.competent.kind_id, valid__contains=day)
    if not same.filter(pk=to.pk).exists():
        raise RefusedError(_("Only an agency of the same kind can be competent instead."))
    dossier.competent, dossier.assignee = to, None


def reassign(*, dossier: Dossier, to: Official | None, now: datetime) -> None:
    """Put the dossier on the desk of a colleague who is there and may work on it."""
    day = clock.civil_date(now)
    if to is None:
        raise RefusedError(_("Please choose the colleague who takes the dossier over."))
    if to.pk == dossier.assignee_id:
        raise RefusedError(_("The dossier is with this colleague already."))
    if not may_work(official=to, dossier=dossier, day=day):
        raise RefusedError(
            _("This colleague may not work on the dossier: not of this agency, or family.")
        )
    away = standing_absence(official=to, day=day)
    if away is not None:
        told = _("%(name)s is absent; %(cover)s stands in. Please choose somebody who is there.")
        raise RefusedError(told % {"name": str(to), "cover": str(away.cover)})
    dossier.assignee = to


def hand_out(*, dossier: Dossier, channel: FilingChannel | None, office: Agency | None) -> None:
    """Note where and in which way the result comes back: at any office, by post or online.

    RefusedError while its fee is still to be paid.
    """
    due = due_payment(dossier)
    if due is not None:
        told = _("The fee of %(amount)s is to be paid first: then the result is handed over.")
        raise RefusedError(told % {"amount": money(due.amount_vnd)})
    usual = FilingChannel.ONLINE if office is None else FilingChannel.DIRECT
    dossier.returned_by = channel or usual
    dossier.returned_from = office


def check_start(*, dossier: Dossier) -> None:
    """Work on a bound procedure begins when its dossier has come to the agency that decides."""
    is_here = holder_of(dossier=dossier) == dossier.competent
    if is_here or definition_of(dossier=dossier).boundary_free:
        return
    told = _("The papers are still at %(office)s, which has to pass them on first.")
    raise RefusedError(told % {"office": dossier.received_at})
