"""The one order in which the rows of a matter are locked, so that nobody waits in a circle.

1. the bundle case, 2. the suggestions (by number), 3. the owner's row, 4. the dossier, 5. what is
part of a dossier: payment, orders, delegation, the papers and people of the registers. The counters
of numbers come after the owner's row, those of several agencies by the agency's key.

Whoever needs a row that stands earlier takes it before the later one, also where a later row
tells which one it is: read first, lock in order, look again. A step that ends a dossier moves its
case and suggestion, so it holds them before the dossier; filing a child of a case holds the case
already, and may then write a dossier that was open before.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from dossiers.bundle_rules import NEWS
from dossiers.enums import Action
from dossiers.models import BundleCase, Dossier
from portal.common.errors import StaleVersionError
from procedures.models import Suggestion

Around = tuple[int | None, int | None]  # the numbers of case and suggestion


def locked_case(case: BundleCase) -> BundleCase:
    """Return the case, held until the transaction ends: whoever moves a step comes through here."""
    cases = BundleCase.objects.select_for_update(of=("self",), no_key=True)
    return cases.select_related("suggestion__rule", "bundle", "owner").get(pk=case.pk)


def locked_dossier(*, dossier: Dossier, action: Action) -> Dossier:
    """Return the dossier as it is now, held for this step with what the step will move.

    StaleVersionError where it became part of another case while its locks were taken.
    """
    seen = hold_around(dossier.pk) if action in NEWS else None
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if seen is not None and seen != (row.bundle_case_id, row.suggestion_id):
        raise StaleVersionError(_("This dossier was changed meanwhile. Please look at it again."))
    return row


def hold_around(key: int, *, skip_locked: bool = False) -> Around | None:
    """Hold the case and the suggestions of a dossier and return which (case, suggestion) it names.

    Whoever takes several steps at once calls it first. With `skip_locked` nobody is waited for:
    None where somebody else holds one of them.
    """
    dossiers = Dossier.objects.values_list("bundle_case", "suggestion")
    case, suggestion = seen = dossiers.get(pk=key)
    keys = {suggestion} - {None}
    if case is not None:
        cases = BundleCase.objects.select_for_update(no_key=True, skip_locked=skip_locked)
        held = list(cases.filter(pk=case).values_list("suggestion", flat=True))
        if not held:
            return None
        keys |= {*held} - {None}
    rows = Suggestion.objects.select_for_update(skip_locked=skip_locked).order_by("pk")
    found = list(rows.filter(pk__in=keys).values_list("pk"))
    return seen if len(found) == len(keys) else None
