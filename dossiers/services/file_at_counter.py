"""The person has confirmed at the counter: one press files, receives and stops the stopwatch."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dossiers.enums import Action, Origin, Status
from dossiers.models import CounterVisit, Dossier
from dossiers.selectors import offered_actions
from dossiers.services.advance import advance
from dossiers.services.counter_visits import end_visit
from dossiers.services.submit_dossier import submit_dossier
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.enums import FilingChannel
from procedures.models import Suggestion


@transaction.atomic
def file_at_counter(
    *,
    visit: CounterVisit,
    suggestion: Suggestion | None,
    answers: Mapping[str, str],
    has_confirmed: bool,
    now: datetime,
) -> Dossier:
    """File the matter of a visit for the person, receive it at once, end the visit.

    The first step names the official and says that the person confirmed; RefusedError when they
    did not, with the errors of `submit_dossier`. Received at the official's agency. An official
    without a role over the agency that decides leaves the receiving to it.
    """
    if not has_confirmed:
        raise RefusedError(_("The person must confirm what they were shown."))
    if visit.procedure_version is None:
        raise RefusedError(_("Choose first what the person wants."))
    user = visit.official.user
    name = {"name": visit.applicant.full_name, "official": user.display_name}
    dossier = submit_dossier(
        applicant=visit.applicant,
        owner=visit.owner,
        suggestion=suggestion,
        version=visit.procedure_version,
        answers=answers,
        channel=FilingChannel.DIRECT,
        helped_at=visit.agency,
        received_at=visit.agency,
        origin=Origin.OFFICIAL,
        official=user,
        note=_("%(name)s looked at everything at the counter and confirmed to %(official)s.")
        % name,
        now=now,
    )
    dossier = _received(dossier, visit, now)
    end_visit(visit=visit, dossier=None if _has_visit(dossier) else dossier, now=now)
    return dossier


def _received(dossier: Dossier, visit: CounterVisit, now: datetime) -> Dossier:
    """Receive the dossier, where the official may and an earlier press has not."""
    user = visit.official.user
    offers = offered_actions(dossier=dossier, user=user, day=clock.civil_date(now))
    if dossier.status != Status.REGISTERED or Action.RECEIVE not in [one.action for one in offers]:
        return dossier
    return advance(
        dossier=dossier, action=Action.RECEIVE, user=user, version=dossier.version, now=now
    )


def _has_visit(dossier: Dossier) -> bool:
    return CounterVisit.objects.filter(dossier=dossier).exists()
