"""Who may write and rehearse a rule, and who decides about it: rights over the whole province.

A rule speaks to people of every commune, so a role that was granted over one of them is not enough.
"""

from __future__ import annotations

from collections.abc import Collection

from citizens.enums import Role, UnitKind
from portal.office.roles import SEES, Desk
from portal.office.standing import Standing

_WRITES = frozenset({Role.CATALOGUE_EDITOR})
_REHEARSES = frozenset({Role.CATALOGUE_EDITOR, Role.APPROVER})


def may_write(standing: Standing) -> bool:
    """Return whether the official may begin, change and discard drafts of rules and bundles."""
    return _over_the_province(standing, _WRITES)


def may_rehearse(standing: Standing) -> bool:
    """Return whether the official may have a rule rehearsed; its figures see all of the desk."""
    return _over_the_province(standing, _REHEARSES)


def may_decide(standing: Standing) -> bool:
    """Return whether the official may release, extend, stop, resume and limit a rule."""
    return _over_the_province(standing, SEES[Desk.RELEASE])


def _over_the_province(standing: Standing, roles: Collection[Role]) -> bool:
    return standing.units(roles).filter(kind=UnitKind.PROVINCE).exists()
