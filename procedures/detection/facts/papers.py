"""Papers that run out, and papers whose holders a yearly campaign concerns."""

from __future__ import annotations

from django.db.models import F, Q

from citizens.models import Credential
from procedures.definition import RuleDefinition
from procedures.detection.facts.campaigns import of_campaign
from procedures.detection.facts.paths import Facts
from procedures.detection.windows import SENTINELS, DueWindow, campaign_in


def papers(definition: RuleDefinition, due: DueWindow) -> Facts:
    """Return the standing papers of the rule's kind that run out in `due`."""
    facts = Credential.objects.live().of_kind(str(definition.credential_kind))
    return (
        facts.expiring_between(due.first, due.last)
        .exclude(expires_on__in=[day for day in SENTINELS if due.first <= day <= due.last])
        .annotate(anchor=F("pk"), cycle=F("term"), due_on=F("expires_on"))
    )


def papers_in_campaign(definition: RuleDefinition, due: DueWindow) -> Facts:
    """Return the papers of the rule's kind that stand when the campaign due in `due` begins.

    The fact is the holder's: two papers of one holder are one.
    """
    campaign = campaign_in(definition, due)
    facts = Credential.objects.live().of_kind(str(definition.credential_kind))
    lasting = Q(expires_on__isnull=True) | Q(expires_on__gte=campaign.first)
    facts = facts.filter(lasting, issued_on__lte=campaign.last).annotate(anchor=F("holder_id"))
    return of_campaign(facts, campaign)
