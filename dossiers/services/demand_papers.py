"""What may be asked for after filing, what answers it, and that papers are digital before work.

Called by the steps of a dossier (`step_details`), on the locked row.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from citizens.enums import UserKind
from citizens.models import User
from dossiers.models import Dossier, DossierPaper, SupplementRequest
from dossiers.savings import GENERATED
from dossiers.selectors import definition_of
from dossiers.selectors.papers import missing_papers, open_supplement
from dossiers.services.hand_in_papers import attach_prepared
from portal.common.errors import RefusedError


def check_components(*, dossier: Dossier, components: Sequence[str]) -> None:
    """Refuse to ask for what the released version does not list, or more often than it allows."""
    definition = definition_of(dossier=dossier)
    listed = {component.code for component in definition.components}
    if not components:
        raise RefusedError(_("Please tick the papers that are asked for."))
    if strange := [code for code in components if code not in listed]:
        raise RefusedError(
            _("The procedure does not list this paper, so it cannot be asked for: %(codes)s.")
            % {"codes": ", ".join(strange)}
        )
    most = definition.processing.max_supplement_notices
    asked = dossier.supplement_requests.count()
    if most is not None and asked >= most:
        raise RefusedError(
            _(
                "For this procedure papers may be asked for %(most)d time only, and that was done. "
                "Decide on what is there, or stop with a reason."
            )
            % {"most": most}
        )


def keep_demand(
    *, dossier: Dossier, components: Sequence[str], note: str, user: User | None, now: datetime
) -> None:
    """Write down what is asked for and why; each paper asked for has its line in the dossier.

    A register no longer answers for it: whoever asks for the paper itself waits for a file. The
    form, which the portal writes from the answers, stays.
    """
    SupplementRequest.objects.create(
        dossier=dossier,
        components=list(components),
        note=note,
        official=user,
        asked_at=now,
    )
    names = {one.code: one.name_vi for one in definition_of(dossier=dossier).components}
    for code in components:
        DossierPaper.objects.update_or_create(
            dossier=dossier,
            component_code=code,
            defaults={"asked_at": now},
            create_defaults={"name_vi": names[code], "asked_at": now},
        )
    known = dossier.papers.filter(component_code__in=components).exclude(satisfied_by=GENERATED)
    known.update(satisfied_by="", as_of=None)


def check_answer(*, dossier: Dossier, user: User | None, now: datetime) -> None:
    """Hand in what the citizen laid ready; refuse while a paper that was asked for is missing.

    At the desk an official may take the papers in as they are and digitise them afterwards.
    """
    demand = open_supplement(dossier=dossier)
    if demand is None:
        return
    citizen = user.citizen if user is not None and user.kind == UserKind.CITIZEN else None
    handed_in = attach_prepared(dossier=dossier, now=now, only=demand.components, by=citizen)
    lacking = set(demand.components) - set(handed_in)
    if citizen is not None and lacking:
        names = dossier.papers.filter(component_code__in=lacking).values_list("name_vi", flat=True)
        raise RefusedError(_("Still missing: %(papers)s.") % {"papers": "; ".join(names)})


def close_demand(*, dossier: Dossier, now: datetime) -> None:
    """Note that what was asked for was answered, or that the office goes on without it."""
    dossier.supplement_requests.filter(answered_at=None).update(answered_at=now)


def check_digitised(*, dossier: Dossier) -> None:
    """Refuse to begin the work while a paper is on paper only: digital before processing."""
    lacking = list(missing_papers(dossier=dossier).values_list("name_vi", flat=True))
    if lacking:
        raise RefusedError(
            _(
                "Not digitised yet: %(papers)s. Scan what was brought and lay it to the paper, or "
                "ask the citizen for it; then start the processing."
            )
            % {"papers": "; ".join(lacking)}
        )
