"""An official throws a draft of a rule or of a bundle away."""

from __future__ import annotations

from django.db import transaction

from procedures.services.drafts import Drafted, check_seen, locked_draft


@transaction.atomic
def discard_draft(*, version: Drafted, seen: str) -> None:
    """Delete a draft, of a rule with its rehearsals; `seen` as in `edit_rule_draft`.

    StaleVersionError when somebody changed it since, RefusedError when it is no draft any more:
    what was released is kept for ever.
    """
    row = locked_draft(version)
    check_seen(row, seen)
    row.delete()
