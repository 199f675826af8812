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
from dossiers.services.submit_dossier import Way, submit_dossier
from dossiers.services.submit_together import submit_together
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.enums import FilingChannel
from procedures.models import ProcedureVersion, Suggestion
from procedures.prefill import Together
from procedures.selectors import Offer


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
    version, way = _checked(visit, has_confirmed), _way_of(visit)
    dossier = submit_dossier(
        applicant=visit.applicant,
        owner=visit.owner,
        suggestion=suggestion,
        version=version,
        answers=answers,
        channel=way.channel,
        helped_at=way.helped_at,
        received_at=way.received_at,
        origin=way.origin,
        official=way.official,
        note=way.note,
        now=now,
    )
    dossier = _received(dossier, visit, now)
    end_visit(visit=visit, dossier=None if _has_visit(dossier) else dossier, now=now)
    return dossier


@transaction.atomic
def file_bundle_at_counter(
    *,
    visit: CounterVisit,
    suggestion: Suggestion,
    offer: Offer,
    together: Together,
    answers: Mapping[str, str],
    has_confirmed: bool,
    now: datetime,
) -> list[Dossier]:
    """File all first steps of a bundle by one press, as the person's own press would.

    Each is received at the official's agency as far as the official may; the visit ends with the
    first of them. The errors are those of `file_at_counter` and `submit_together`.
    """
    _checked(visit, has_confirmed)
    filed = submit_together(
        applicant=visit.applicant,
        suggestion=suggestion,
        offer=offer,
        together=together,
        answers=answers,
        now=now,
        way=_way_of(visit),
    )
    received = [_received(dossier, visit, now) for dossier in filed]
    new = next((one for one in received if not _has_visit(one)), None)
    end_visit(visit=visit, dossier=new, now=now)
    return received


def _checked(visit: CounterVisit, has_confirmed: bool) -> ProcedureVersion:
    if not has_confirmed:
        raise RefusedError(_("The person must confirm what they were shown."))
    if visit.procedure_version is None:
        raise RefusedError(_("Choose first what the person wants."))
    return visit.procedure_version


def _way_of(visit: CounterVisit) -> Way:
    user = visit.official.user
    name = {"name": visit.applicant.full_name, "official": user.display_name}
    return Way(
        channel=FilingChannel.DIRECT,
        helped_at=visit.agency,
        received_at=visit.agency,
        origin=Origin.OFFICIAL,
        official=user,
        note=_("%(name)s looked at everything at the counter and confirmed to %(official)s.")
        % name,
    )


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
