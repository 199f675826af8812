"""What the facts of a yearly campaign have in common, whomever it concerns."""

from __future__ import annotations

from django.db.models import BooleanField, Value

from procedures.detection.facts.paths import Facts
from procedures.detection.windows import Campaign


def of_campaign(facts: Facts, campaign: Campaign) -> Facts:
    """Give facts the year and the last day of a campaign; leave none of them while it is not due.

    Said to the database, not to Django: that nothing can match must not end the statement around.
    """
    is_due = Value(campaign.is_due, output_field=BooleanField())
    dated: Facts = facts.annotate(cycle=Value(campaign.year), due_on=Value(campaign.last))
    return dated if campaign.is_due else dated.filter(is_due)
