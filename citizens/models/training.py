"""Courses for officials, and who attended which."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.models.accounts import ROLES, Official, User
from portal.common.models import public_id, recorded_at

LONGEST_MATERIAL = 8_000


class Course(models.Model):
    """A course for whoever holds one of `roles`; its material is text, and where to read on.

    What is in it does not change: a course that is taught in another way is a new one, and the old
    one is closed. Nobody needs a closed course to count as trained.
    """

    public_id = public_id()
    title = models.CharField(_("title"), max_length=200)
    roles = ArrayField(
        models.CharField(max_length=20, choices=ROLES), verbose_name=_("for the roles")
    )
    material = models.TextField(_("material"), max_length=LONGEST_MATERIAL)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="course_for_somebody",
                condition=Q(roles__len__gt=0),
                violation_error_message=_("Please choose for whom the course is."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """An official attended a course on a day; somebody else says so."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="attendances")
    official = models.ForeignKey(
        Official, models.PROTECT, related_name="attendances", verbose_name=_("official")
    )
    attended_on = models.DateField(_("attended on"))
    noted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["-attended_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "official"], name="attendance_once"),
            models.CheckConstraint(
                name="attendance_noted_by_another",
                condition=~Q(official=F("noted_by")),
                violation_error_message=_("Nobody notes their own attendance."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.official_id}"
