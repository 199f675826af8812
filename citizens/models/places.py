"""Units, their succession, agencies and the calendar: where and on which days is decided."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from citizens.enums import AgencyLevel, UnitKind, ZoneKind
from portal.common.models import recorded_at, validity

UNIT_KINDS = [
    (UnitKind.PROVINCE, _("Province or city")),
    (UnitKind.DISTRICT, _("District (until 30 June 2025)")),
    (UnitKind.COMMUNE, _("Commune")),
    (UnitKind.WARD, _("Ward")),
    (UnitKind.SPECIAL_ZONE, _("Special zone")),
]
ZONE_KINDS = [
    (ZoneKind.URBAN, _("Urban")),
    (ZoneKind.RURAL, _("Rural")),
    (ZoneKind.DISADVANTAGED, _("Disadvantaged")),
]
AGENCY_LEVELS = [
    (AgencyLevel.CENTRAL, _("Central")),
    (AgencyLevel.PROVINCE, _("Province")),
    (AgencyLevel.COMMUNE, _("Commune")),
    (AgencyLevel.UTILITY, _("Utility")),
]


class UnitQuerySet(models.QuerySet["Unit"]):
    def valid_on(self, day: models.Expression | object) -> UnitQuerySet:
        """Units that exist on the civil date `day`."""
        return self.filter(valid__contains=day)

    def within(self, unit: Unit) -> UnitQuerySet:
        """The unit itself and everything below it (the tree has three levels at most)."""
        mine = models.Q(pk=unit.pk) | models.Q(parent=unit) | models.Q(parent__parent=unit)
        return self.filter(mine)


class Unit(models.Model):
    """An administrative unit as it stood in `valid`; a code never names two units on one day."""

    code = models.CharField(_("code"), max_length=8)
    name_vi = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True, default="")
    kind = models.CharField(_("kind"), max_length=16, choices=UNIT_KINDS)
    zone = models.CharField(_("zone"), max_length=16, choices=ZONE_KINDS, default=ZoneKind.RURAL)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    valid = validity()
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    area_km2 = models.FloatField(_("area (km²)"), null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        ordering = ["code"]
        constraints = [
            ExclusionConstraint(
                name="unit_code_once_a_day",
                expressions=[("code", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                violation_error_message=_("This code already names a unit in that period."),
            )
        ]

    def __str__(self) -> str:
        return self.name_vi


class UnitSuccession(models.Model):
    """`old` went into `new`, whole or in part (only Hòa Liên was split in 2025)."""

    old = models.ForeignKey(Unit, models.PROTECT, related_name="successions")
    new = models.ForeignKey(Unit, models.PROTECT, related_name="predecessions")
    whole = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("unit succession")
        verbose_name_plural = _("unit successions")
        constraints = [models.UniqueConstraint(fields=["old", "new"], name="succession_once")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"


class AgencyKind(models.Model):
    """A kind of office that the catalogue names, such as `ubnd_xa`: one row, 94 agencies."""

    key = models.CharField(_("key"), max_length=40, primary_key=True)
    name_vi = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True, default="")
    level = models.CharField(_("level"), max_length=10, choices=AGENCY_LEVELS)

    class Meta:
        verbose_name = _("kind of agency")
        verbose_name_plural = _("kinds of agency")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name_vi


class Agency(models.Model):
    """An office that receives or decides; `code` heads its dossier numbers (domain.md 1.4)."""

    kind = models.ForeignKey(
        AgencyKind, models.PROTECT, related_name="agencies", verbose_name=_("kind")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="agencies", verbose_name=_("unit"))
    code = models.CharField(_("code"), max_length=30, unique=True)
    name_vi = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=200, blank=True, default="")
    valid = validity()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["code"]
        constraints = [
            ExclusionConstraint(
                name="agency_one_office_of_a_kind",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "That unit already has an office of this kind in that period."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name_vi


class Holiday(models.Model):
    """A day that differs from the plain week: off on a weekday, or a make-up working Saturday.

    Seeded from the `holidays` package; officials' corrections, with a decision, win and stay.
    """

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"), default=False)
    name_vi = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True, default="")
    decision = models.CharField(
        _("decision"),
        max_length=120,
        blank=True,
        default="",
        help_text=_("Number of the decision."),
    )
    is_correction = models.BooleanField(_("set by an official"), default=False)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("holiday or working Saturday")
        verbose_name_plural = _("working calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.name_vi}"


class CalendarChange(models.Model):
    """The calendar was changed: what a day was and became, None for "as the plain week"; kept.

    With these the calendar of any past instant is known, so that an old count can be repeated.
    What the very first loading wrote was so from the beginning and has no row.
    """

    day = models.DateField(_("day"))
    was_working = models.BooleanField(_("was a working day"), null=True)
    is_working = models.BooleanField(_("working day"), null=True)
    decision = models.CharField(_("decision"), max_length=120, blank=True, default="")
    user = models.ForeignKey(
        "citizens.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    changed_at = models.DateTimeField(_("changed at"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("change of the calendar")
        verbose_name_plural = _("changes of the calendar")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"
