"""What the services that write drafts have in common: the lock, where to begin, who was faster."""

from __future__ import annotations

from datetime import date
from typing import TypeVar, overload

from django.utils.translation import gettext as _

from portal.common.errors import RefusedError, StaleVersionError
from procedures.enums import VersionStatus
from procedures.models import Bundle, BundleVersion, ProcedureVersion, Rule, RuleVersion
from procedures.models.catalogue import in_force
from procedures.selectors.drafts import drafts_of, seen_of

Drafted = TypeVar("Drafted", RuleVersion, BundleVersion)


def locked_draft(version: Drafted) -> Drafted:
    """Lock the rule or bundle, then its draft, and read it anew.

    RefusedError when it was released or discarded meanwhile.
    """
    owner = "rule" if isinstance(version, RuleVersion) else "bundle"
    _lock(getattr(version, owner))
    rows = type(version)._default_manager.select_for_update(of=("self",))
    row: Drafted | None = rows.select_related(owner, "written_by").filter(pk=version.pk).first()
    if row is None:
        raise RefusedError(_("This draft was discarded meanwhile."))
    if row.status != VersionStatus.DRAFT:
        raise RefusedError(
            _("This version was released: it never changes again. Begin a new draft instead.")
        )
    return row


@overload
def begun_from(owner: Rule, day: date) -> tuple[RuleVersion, int]: ...
@overload
def begun_from(owner: Bundle, day: date) -> tuple[BundleVersion, int]: ...
def begun_from(owner: Rule | Bundle, day: date) -> tuple[RuleVersion | BundleVersion, int]:
    """Lock the owner; return the version from which a new draft begins, and the draft's number.

    That is what is in force on the civil date `day`, else the newest version. RefusedError while
    another draft waits, or where there is no version at all.
    """
    _lock(owner)
    waiting = drafts_of(owner).first()
    if waiting is not None:
        raise RefusedError(
            _("Version %(number)d is being written: continue it or discard it.")
            % {"number": waiting.number}
        )
    newest = owner.versions.order_by("-number").first()
    if newest is None:
        raise RefusedError(_("There is no version to begin from."))
    return owner.versions.filter(in_force(day)).first() or newest, newest.number + 1


def check_seen(row: RuleVersion | BundleVersion | ProcedureVersion, seen: str) -> None:
    """Raise StaleVersionError when the draft is no longer what its editor or releaser saw."""
    if seen != seen_of(row):
        raise StaleVersionError(_("This draft was changed meanwhile."))


def _lock(owner: Rule | Bundle) -> None:
    type(owner)._default_manager.select_for_update(of=("self",)).get(pk=owner.pk)
