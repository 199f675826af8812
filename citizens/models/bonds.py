"""Kinship, and the one answer to "may A see or act for B today"."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import AuthorityBasis, RelationKind
from citizens.models.parties import Citizen, Party
from portal.common.models import recorded_at, validity

RELATION_KINDS = [
    (RelationKind.FATHER, _("Father")),
    (RelationKind.MOTHER, _("Mother")),
    (RelationKind.SPOUSE, _("Spouse")),
    (RelationKind.GUARDIAN, _("Guardian")),
]
BASES = [
    (AuthorityBasis.PARENT, _("Parent of a minor")),
    (AuthorityBasis.GUARDIAN, _("Guardian")),
    (AuthorityBasis.REPRESENTATIVE, _("Legal representative")),
    (AuthorityBasis.POWER_OF_ATTORNEY, _("Power of attorney")),
    (AuthorityBasis.HELPER, _("Helper")),
]


class Relation(models.Model):
    """`person` is `kind` of `relative` (father of a child, spouse of a spouse) in `valid`."""

    person = models.ForeignKey(
        Citizen,
        models.PROTECT,
        db_constraint=False,
        db_index=False,  # `relation_once` begins with it
        related_name="relatives",
    )
    relative = models.ForeignKey(
        Citizen, models.PROTECT, db_constraint=False, related_name="related_by"
    )
    kind = models.CharField(max_length=10, choices=RELATION_KINDS)
    valid = validity()
    batch = models.ForeignKey(
        "citizens.Batch",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("kinship")
        verbose_name_plural = _("kinships")
        constraints = [
            models.UniqueConstraint(fields=["person", "relative", "kind"], name="relation_once"),
            models.CheckConstraint(name="relation_of_two", condition=~Q(person=F("relative"))),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.kind} · {self.relative}"


class AuthorityQuerySet(models.QuerySet["Authority"]):
    def standing(self, day: date) -> AuthorityQuerySet:
        """Authorities that hold on the civil date `day` and were not revoked."""
        return self.filter(valid__contains=day, revoked_at__isnull=True)


class Authority(models.Model):
    """`actor` may see and act for `for_party` in `valid`, on a stated basis, until revoked.

    A helper may only file and follow, and only the procedures whose keys `procedures` names (empty:
    all of them). Then `confirmed_at` says when the person confirmed it.
    """

    actor = models.ForeignKey(
        Citizen,
        models.PROTECT,
        db_constraint=False,
        db_index=False,  # `authority_once` begins with it, and nobody asks for revoked ones alone
        related_name="authorities",
    )
    for_party = models.ForeignKey(
        Party, models.PROTECT, db_constraint=False, related_name="represented_by"
    )
    basis = models.CharField(max_length=20, choices=BASES)
    valid = validity()
    revoked_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    procedures = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, db_default=[]
    )
    recorded_at = recorded_at()

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("authority to act")
        verbose_name_plural = _("authorities to act")
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "for_party", "basis"],
                condition=Q(revoked_at__isnull=True),
                name="authority_once",
            ),
            models.CheckConstraint(
                name="authority_not_over_self", condition=~Q(actor=F("for_party"))
            ),
            models.CheckConstraint(
                name="authority_helper_confirmed",
                condition=~Q(basis=AuthorityBasis.HELPER) | Q(confirmed_at__isnull=False),
                violation_error_message=_("A helper acts only after the person confirmed it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.actor} → #{self.for_party_id}"
