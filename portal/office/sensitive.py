"""Who may open the sensitive data of a person, and for which dossier (Luật 91/2025/QH15)."""

from __future__ import annotations

from citizens.enums import Role
from citizens.models import Citizen
from citizens.selectors.sensitive import POVERTY, SENSITIVE_FIELDS
from dossiers.models import Dossier
from dossiers.models.dossiers import FINISHED
from dossiers.selectors import definition_of
from portal.office.roles import SEES, Desk
from portal.office.standing import Standing

# Whoever works on cases opens them for a case that asks; the others answer for what is held.
_BY_DOSSIER = frozenset({Role.CASE_OFFICER})


def may_open_sensitive(standing: Standing, person: Citizen) -> bool:
    """Return whether a role that opens them was granted over the place where the person lives."""
    return standing.units(SEES[Desk.SENSITIVE]).filter(pk=person.unit_id).exists()


def needs_dossier(standing: Standing, person: Citizen) -> bool:
    """Return whether only a dossier that asks for them opens them to this official."""
    others = SEES[Desk.SENSITIVE] - _BY_DOSSIER
    return not standing.units(others).filter(pk=person.unit_id).exists()


def asks_for_sensitive(dossier: Dossier) -> bool:
    """Return whether an unfinished dossier's form holds a field of sensitive data."""
    if dossier.status in FINISHED:
        return False
    paths = [field.prefill or "" for field in definition_of(dossier=dossier).form_fields]
    return any(_is_sensitive(path.split(".")) for path in paths)


def _is_sensitive(steps: list[str]) -> bool:
    return steps[0] == "POV" or not set(steps).isdisjoint(set(SENSITIVE_FIELDS) - {POVERTY})
