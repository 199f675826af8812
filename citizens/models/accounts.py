"""Accounts: a user is a citizen or an official, never both; what an official may do is a Grant."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import Role, UserKind
from citizens.models.parties import Citizen
from citizens.models.places import Agency, Unit
from portal.common.models import public_id, recorded_at, validity

FIRST_HOUR, LAST_HOUR = 7, 21
USER_KINDS = [(UserKind.CITIZEN, _("Citizen")), (UserKind.OFFICIAL, _("Official"))]
ROLES = [
    (Role.RECEPTIONIST, _("Receptionist")),
    (Role.CASE_OFFICER, _("Case officer")),
    (Role.HEAD_OF_UNIT, _("Head of unit")),
    (Role.PROVINCIAL_LEADER, _("Provincial leader")),
    (Role.CATALOGUE_EDITOR, _("Catalogue editor")),
    (Role.APPROVER, _("Approver")),
    (Role.DATA_STEWARD, _("Data steward")),
    (Role.OPERATOR, _("Operator")),
    (Role.AUDITOR, _("Auditor")),
    (Role.ADMINISTRATOR, _("Administrator")),
]


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Make and save an account; the password is hashed."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Make the first administrator's account (an official with every right)."""
        fields |= {"kind": UserKind.OFFICIAL, "is_superuser": True}
        return self.create_user(username, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account that signs in; `citizen` is set exactly when `kind` is citizen."""

    username = models.CharField(
        _("sign-in name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()]
    )
    email = models.EmailField(_("e-mail"), blank=True, default="")
    kind = models.CharField(_("kind"), max_length=8, choices=USER_KINDS)
    citizen = models.OneToOneField(
        Citizen,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="user",
        verbose_name=_("citizen"),
    )
    display_name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=5, default="vi")
    # Messages come between these hours of the civil day; the night is everybody's.
    heard_from = models.PositiveSmallIntegerField(
        _("messages from"), default=FIRST_HOUR, db_default=FIRST_HOUR
    )
    heard_until = models.PositiveSmallIntegerField(
        _("messages until"), default=LAST_HOUR, db_default=LAST_HOUR
    )
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = recorded_at()
    public_id = public_id()

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                name="user_citizen_or_official",
                condition=Q(kind=UserKind.CITIZEN, citizen__isnull=False, is_superuser=False)
                | Q(kind=UserKind.OFFICIAL, citizen__isnull=True),
                violation_error_message=_(
                    "An account belongs to a citizen or to an official, never both."
                ),
            ),
            models.CheckConstraint(
                name="user_heard_by_day",
                condition=Q(heard_from__gte=FIRST_HOUR, heard_until__lte=LAST_HOUR)
                & Q(heard_from__lt=F("heard_until")),
                violation_error_message=_("Messages come between 7 and 21 o’clock only."),
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_staff(self) -> bool:
        """Whether the officials' desk opens at all; what is seen there is a matter of grants."""
        return self.is_active and self.kind == UserKind.OFFICIAL

    def get_full_name(self) -> str:
        """Return the name shown on screens."""
        return self.display_name

    def get_short_name(self) -> str:
        """Return the name shown on screens."""
        return self.display_name


class Official(models.Model):
    """An official's post; `self_pin_index` keeps anyone from deciding for self or family."""

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="official")
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="officials", verbose_name=_("agency")
    )
    position = models.CharField(_("position"), max_length=120)
    self_pin_index = models.BinaryField(max_length=32, null=True, editable=False)
    employed = validity()

    class Meta:
        verbose_name = _("official")
        verbose_name_plural = _("officials")

    def __str__(self) -> str:
        return self.user.display_name


class GrantQuerySet(models.QuerySet["Grant"]):
    def standing(self, day: date) -> GrantQuerySet:
        """Confirmed grants that hold on the civil date `day` of people still employed."""
        return self.filter(
            valid__contains=day, official__employed__contains=day, confirmed_by__isnull=False
        )


class Grant(models.Model):
    """A role over a unit and all below it; it counts once a second official confirmed."""

    official = models.ForeignKey(
        Official, models.CASCADE, related_name="grants", verbose_name=_("official")
    )
    role = models.CharField(_("role"), max_length=20, choices=ROLES)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    valid = validity()
    granted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    confirmed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    recorded_at = recorded_at()

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.CheckConstraint(
                name="grant_four_eyes",
                condition=Q(confirmed_by__isnull=True) | ~Q(granted_by=F("confirmed_by")),
                violation_error_message=_("The one who grants cannot also confirm."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.official} · {self.role} · {self.unit}"
