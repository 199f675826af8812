"""Asking a person for leave to help them: a code that only they are told, tried a few times."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import HelperKind
from citizens.models.bonds import Authority
from citizens.models.parties import Citizen
from portal.common.models import public_id, recorded_at

HELPER_KINDS = [
    (HelperKind.FAMILY, _("Family member or friend")),
    (HelperKind.COMMUNITY, _("Community digital team")),
]


class HelpRequest(models.Model):
    """`helper` asked to file for whoever has a number; `person` is None where nobody was asked.

    The helper is never told which: both rows look and answer alike. Of the code only a keyed hash
    is kept, bound to this row. `authority` is what the person's yes brought about.
    """

    helper = models.ForeignKey(Citizen, models.PROTECT, related_name="help_asked")
    person = models.ForeignKey(Citizen, models.PROTECT, null=True, related_name="help_requests")
    kind = models.CharField(_("who helps"), max_length=10, choices=HELPER_KINDS)
    procedures = ArrayField(models.CharField(max_length=60), default=list, db_default=[])
    days = models.PositiveSmallIntegerField(_("for how many days"))
    code_hash = models.BinaryField(max_length=32, editable=False)
    try_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    asked_at = models.DateTimeField(_("asked at"))
    expires_at = models.DateTimeField(_("until"))
    refused_at = models.DateTimeField(_("refused at"), null=True)
    authority = models.OneToOneField(
        Authority, models.PROTECT, null=True, related_name="help_request"
    )
    public_id = public_id()
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("request to help")
        verbose_name_plural = _("requests to help")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="help_not_for_self",
                condition=Q(person__isnull=True) | ~Q(person=models.F("helper")),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.helper_id}"
