"""The suggestion and the ledgers that keep it from being made twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Citizen, Party
from portal.common.models import public_id, recorded_at
from procedures.enums import Answer, MatterOutcome, RecipientState, SuggestionState
from procedures.models.catalogue import Procedure, Rule, RuleVersion

SUGGESTION_STATES = [
    (SuggestionState.OPEN, _("Open")),
    (SuggestionState.SNOOZED, _("Snoozed")),
    (SuggestionState.ACCEPTED, _("Accepted")),
    (SuggestionState.DISMISSED, _("Dismissed")),
    (SuggestionState.WITHDRAWN, _("Withdrawn")),
    (SuggestionState.EXPIRED, _("Expired")),
    (SuggestionState.FULFILLED, _("Fulfilled")),
]
ANSWERS = [(Answer.YES, _("Yes")), (Answer.LIKELY, _("Likely: one fact is missing"))]
RECIPIENT_STATES = [
    (RecipientState.ACTIVE, _("Active")),
    (RecipientState.DISMISSED, _("Dismissed")),
]
OUTCOMES = [
    (MatterOutcome.GRANTED, _("Granted")),
    (MatterOutcome.REFUSED, _("Refused")),
    (MatterOutcome.WITHDRAWN, _("Withdrawn")),
]
WAITING = (SuggestionState.OPEN, SuggestionState.SNOOZED)
CLOSED = (SuggestionState.WITHDRAWN, SuggestionState.EXPIRED)  # what the scan may open again


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def waiting(self) -> SuggestionQuerySet:
        """Suggestions that still wait for the citizen's answer."""
        return self.filter(state__in=WAITING)

    def of_recipient(self, citizen: Citizen) -> SuggestionQuerySet:
        """Suggestions that this person may see and has not dismissed."""
        return self.filter(recipients__citizen=citizen, recipients__state=RecipientState.ACTIVE)


class Suggestion(models.Model):
    """A matter prepared for a person: unique by (rule, anchor, cycle), the ledger of the scan.

    `anchor` is the key of a credential, event or party, by the rule's kind; `cycle` is the
    credential's term, an age, a year or 0. `due_on` is the civil date that the stages count back
    from. `stated` holds what the person answered before a matter of their own wish was prepared.
    The foreign keys to parties are not checked by the database: the scan reads them from that very
    table.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, db_index=False, related_name="suggestions")
    anchor = models.BigIntegerField()
    cycle = models.IntegerField()
    subject = models.ForeignKey(
        Party,
        models.PROTECT,
        db_constraint=False,
        related_name="suggestions",
        verbose_name=_("about"),
    )
    rule_version = models.ForeignKey(RuleVersion, models.PROTECT, db_index=False, related_name="+")
    due_on = models.DateField(_("due on"))
    stage_sent = models.SmallIntegerField(_("last stage told (days before)"), null=True)
    next_remind_on = models.DateField(_("next reminder"), null=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=SUGGESTION_STATES,
        default=SuggestionState.OPEN,
        db_default=SuggestionState.OPEN,
    )
    reason = models.CharField(_("reason"), max_length=120, blank=True, default="", db_default="")
    answer = models.CharField(
        _("does it concern the person"),
        max_length=6,
        choices=ANSWERS,
        default=Answer.YES,
        db_default=Answer.YES,
    )
    stated = models.JSONField(_("stated by the person"), null=True, editable=False)
    opened_on = models.DateField(_("opened on"))
    closed_at = models.DateTimeField(_("closed at"), null=True)
    recorded_at = recorded_at()
    public_id = public_id()

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        indexes = [
            models.Index(
                fields=["rule", "next_remind_on"],
                name="suggestion_waiting",
                condition=Q(state__in=WAITING),
            ),
            models.Index(
                fields=["rule", "due_on"],
                name="suggestion_closed",
                condition=Q(state__in=CLOSED),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "anchor", "cycle"], name="suggestion_once_a_cycle"
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.anchor}/{self.cycle}"


class Recipient(models.Model):
    """Who sees a suggestion: the subject, or who may act for it; each may dismiss alone."""

    # The unique key below begins with it.
    suggestion = models.ForeignKey(
        Suggestion, models.CASCADE, db_index=False, related_name="recipients"
    )
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, db_constraint=False, related_name="suggestions_received"
    )
    state = models.CharField(
        max_length=10,
        choices=RECIPIENT_STATES,
        default=RecipientState.ACTIVE,
        db_default=RecipientState.ACTIVE,
    )
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "citizen"], name="recipient_once")
        ]

    def __str__(self) -> str:
        return f"#{self.suggestion_id} → #{self.citizen_id}"


class OpenMatter(models.Model):
    """Written by dossiers: a dossier of a procedure is open for a party (and anchor, or 0)."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="matters")
    party = models.ForeignKey(Party, models.PROTECT, related_name="matters")
    anchor = models.BigIntegerField(default=0)
    reference = models.CharField(_("reference"), max_length=60)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=OUTCOMES, blank=True, default=""
    )
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("open matter")
        verbose_name_plural = _("open matters")
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "party", "anchor"],
                condition=Q(closed_on__isnull=True),
                name="matter_once_while_open",
                violation_error_message=_("A dossier of this procedure is already open."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.procedure} #{self.party_id}"
