"""The catalogue: procedures, rules and bundles with dated, immutable released versions."""

from __future__ import annotations

from datetime import date

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Concat, Replace
from django.utils.translation import gettext_lazy as _

from citizens.models import User
from citizens.models.parties import Fold
from portal.common.models import recorded_at, validity
from procedures.enums import TriggerKind, VersionStatus

VERSION_STATUSES = [(VersionStatus.DRAFT, _("Draft")), (VersionStatus.RELEASED, _("Released"))]
TRIGGER_KINDS = [
    (TriggerKind.CREDENTIAL_EXPIRY, _("A paper expires")),
    (TriggerKind.AGE_MILESTONE, _("An age is reached")),
    (TriggerKind.LIFE_EVENT, _("A life event")),
    (TriggerKind.CALENDAR, _("A yearly campaign")),
    (TriggerKind.CITIZEN_INTENT, _("The citizen's own wish")),
]


def released_is_immutable(*fields: str) -> pgtrigger.Trigger:
    """Return the trigger that refuses to change what was released.

    Its end date may be set; one that is replaced on its first day holds on none: its period is
    empty.
    """
    kept = (*fields, "written_by_id", "released_by_id", "released_at", "source_sha256")
    changed = " OR ".join(
        [f"OLD.{field} IS DISTINCT FROM NEW.{field}" for field in kept]
        + ["lower(OLD.valid) IS DISTINCT FROM lower(NEW.valid) AND NOT isempty(NEW.valid)"]
    )
    return pgtrigger.Protect(
        name="released_is_immutable",
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"OLD.status = 'released' AND ({changed})"),
    )


def released_is_kept() -> pgtrigger.Trigger:
    """Return the trigger that refuses to delete a released version."""
    return pgtrigger.Protect(
        name="released_is_kept",
        operation=pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.status = 'released'"),
    )


class Procedure(models.Model):
    """An administrative procedure by its stable key; what it asks stands in its versions."""

    key = models.CharField(_("key"), max_length=60, unique=True)
    code = models.CharField(_("code"), max_length=30, unique=True)

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.key}"


class Bundle(models.Model):
    """Procedures that one event brings together; which and in what order stands in its versions."""

    key = models.CharField(_("key"), max_length=60, unique=True)
    event = models.CharField(_("event"), max_length=40)

    class Meta:
        verbose_name = _("bundle")
        verbose_name_plural = _("bundles")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class Rule(models.Model):
    """What makes the portal suggest something: stable key, one offer; ledgers hang on this row."""

    key = models.CharField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=TRIGGER_KINDS)
    procedure = models.ForeignKey(
        Procedure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("procedure"),
    )
    bundle = models.ForeignKey(
        Bundle,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        verbose_name=_("bundle"),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Switched off, it opens and tells nothing at once.")
    )
    daily_quota = models.PositiveIntegerField(
        _("new matters a day at most"),
        null=True,
        blank=True,
        help_text=_("Empty: no limit. The most urgent come first, the others on later days."),
    )
    stopped_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stopped by")
    )
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    stop_reason = models.CharField(_("why it was stopped"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="rule_offers_one",
                condition=Q(procedure__isnull=False, bundle__isnull=True)
                | Q(procedure__isnull=True, bundle__isnull=False),
                violation_error_message=_("A rule offers either a procedure or a bundle."),
            )
        ]

    def __str__(self) -> str:
        return self.key


def in_force(day: date) -> Q:
    """Return the condition on versions that are released and hold on the civil date `day`.

    At most one version of a procedure or rule meets it: an exclusion constraint sees to that.
    """
    return Q(status=VersionStatus.RELEASED, valid__contains=day)


def has_ended(version: Release, day: date) -> bool:
    """Return whether a version holds neither on the civil date `day` nor later."""
    end: date | None = version.valid.upper
    return version.valid.isempty or (end is not None and end <= day)


class Release(models.Model):
    """A dated version of a definition: written by one official, released by another.

    The definition is the document itself, checked by `procedures.definition` before it is saved.
    What the catalogue file brings into an empty catalogue has neither writer nor releaser.
    """

    number = models.PositiveIntegerField(_("version"))
    definition = models.JSONField(_("definition"))
    source_sha256 = models.CharField(max_length=64, blank=True, default="", editable=False)
    valid = validity()
    status = models.CharField(
        _("status"), max_length=8, choices=VERSION_STATUSES, default=VersionStatus.DRAFT
    )
    written_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    released_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("released by")
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    recorded_at = recorded_at()

    class Meta:
        abstract = True


def _four_eyes(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(released_by__isnull=True) | ~Q(released_by=F("written_by")),
        violation_error_message=_("Whoever wrote a version cannot also release it."),
    )


def _searched() -> Fold:
    """Return what a search looks through: a blank before every word, the name in front.

    An event's key reads as English words: "credential lost or damaged".
    """
    words = models.TextField()
    event = Coalesce(KT("definition__trigger__event"), Value(""), output_field=words)
    told = [
        F("name_vi"),
        F("name_en"),
        KT("definition__code"),
        KT("definition__domain_vi"),
        KT("definition__result__name_vi"),
        Replace(event, Value("_"), Value(" "), output_field=words),
    ]
    parts = [part for one in told for part in (Value(" "), one)]
    return Fold(Concat(*parts, output_field=words))


def _one_in_force(name: str, owner: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=name,
        expressions=[(owner, RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
        condition=Q(status=VersionStatus.RELEASED),
        violation_error_message=_("Another released version already holds in that period."),
    )


class ProcedureVersion(Release):
    """One version of a procedure's papers, fees, times and form."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    name_vi = models.CharField(_("name"), max_length=250)
    name_en = models.CharField(_("name (English)"), max_length=250, blank=True, default="")
    searched = models.GeneratedField(
        expression=_searched(), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = _("procedure version")
        verbose_name_plural = _("procedure versions")
        ordering = ["procedure", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedure_version_once"),
            _four_eyes("procedure_version_four_eyes"),
            _one_in_force("procedure_version_one_in_force", "procedure"),
        ]
        triggers = [
            released_is_immutable(
                "procedure_id", "number", "definition", "name_vi", "name_en", "status"
            ),
            released_is_kept(),
        ]

    def __str__(self) -> str:
        return f"{self.name_vi} (v{self.number})"


class BundleVersion(Release):
    """One version of a bundle's steps, their order and what they ask in common."""

    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="versions")
    name_vi = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("bundle version")
        verbose_name_plural = _("bundle versions")
        ordering = ["bundle", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "number"], name="bundle_version_once"),
            _four_eyes("bundle_version_four_eyes"),
            _one_in_force("bundle_version_one_in_force", "bundle"),
        ]
        triggers = [
            released_is_immutable(
                "bundle_id", "number", "definition", "name_vi", "name_en", "status"
            ),
            released_is_kept(),
        ]

    def __str__(self) -> str:
        return f"{self.name_vi} (v{self.number})"


class RuleVersion(Release):
    """One version of a rule's window, stages and conditions."""

    rule = models.ForeignKey(Rule, models.PROTECT, related_name="versions")
    audience_percent = models.PositiveSmallIntegerField(
        _("share of the audience (%)"),
        default=100,
        db_default=100,
        help_text=_("A new version may begin with 1 % of those it concerns."),
    )
    # Which per cent of the audience are its own on a day, beside other versions. Not stored: set
    # where the versions of a day are read (`procedures.detection.shares`).
    serves_from = 0
    serves_to = 100
    # Whether the rule is active and what it offers is in force. Not stored: set where versions are
    # read with it (`procedures.answers.rules_told`), None elsewhere.
    is_offered: bool | None = None

    class Meta:
        verbose_name = _("rule version")
        verbose_name_plural = _("rule versions")
        ordering = ["rule", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once"),
            models.CheckConstraint(
                name="rule_version_audience",
                condition=Q(audience_percent__gte=1, audience_percent__lte=100),
                violation_error_message=_("The share is a whole number from 1 to 100."),
            ),
            _four_eyes("rule_version_four_eyes"),
            _one_in_force("rule_version_one_in_force", "rule"),
        ]
        triggers = [
            released_is_immutable("rule_id", "number", "definition", "status"),
            released_is_kept(),
        ]

    def __str__(self) -> str:
        return f"{self.definition.get('paper_vi') or self.rule} (v{self.number})"
