"""A person begins a bundle by their own wish: it is prepared as if it had been suggested."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from citizens.models import Citizen, Party
from portal.common import clock
from portal.common.errors import RefusedError
from procedures.enums import RecipientState, TriggerKind
from procedures.models import Recipient, RuleVersion, Suggestion

# No law sets a day; the matter needs one to be ordered by, after all that is due within a year.
KEPT_DAYS = 365


@transaction.atomic
def begin_bundle(
    *, citizen: Citizen, rule_version: RuleVersion, stated: Mapping[str, str], now: datetime
) -> Suggestion:
    """Return the open suggestion of the bundle, about and for `citizen`; nobody is told of it.

    `stated` is what they answered before, by the names of the form's fields. One that waits already
    is gone on with, with what is stated now. RefusedError for a rule that nobody begins by a wish.
    """
    rule, day = rule_version.rule, clock.civil_date(now)
    if rule.kind != TriggerKind.CITIZEN_INTENT or rule.bundle is None:
        raise RefusedError(_("This is not begun by a wish."))
    Party.objects.select_for_update(of=("self",), no_key=True).get(pk=citizen.pk)
    mine = Suggestion.objects.filter(rule=rule, anchor=citizen.pk)
    waiting = mine.waiting().first()
    if waiting is not None:
        waiting.stated, waiting.rule_version = dict(stated), rule_version
        waiting.save(update_fields=["stated", "rule_version"])
        waiting.recipients.filter(citizen=citizen).update(state=RecipientState.ACTIVE)
        return waiting
    last = mine.aggregate(last=Max("cycle"))["last"] or 0
    begun = Suggestion.objects.create(
        rule=rule,
        rule_version=rule_version,
        anchor=citizen.pk,
        cycle=last + 1,
        subject=citizen.party,
        due_on=day + timedelta(days=KEPT_DAYS),
        opened_on=day,
        stated=dict(stated),
    )
    Recipient.objects.create(suggestion=begun, citizen=citizen)
    return begun
