"""People, organisations and households: one key for whoever holds, owns or is spoken of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from citizens.enums import BirthPrecision, Gender, PartyKind
from citizens.models.places import Unit
from portal.common.crypto import keyed_index, seal_json, seal_text, unseal_json, unseal_text
from portal.common.models import Versioned, public_id, validity

GENDERS = [(Gender.MALE, _("Male")), (Gender.FEMALE, _("Female"))]
PRECISIONS = [
    (BirthPrecision.DAY, _("Day")),
    (BirthPrecision.MONTH, _("Month")),
    (BirthPrecision.YEAR, _("Year only")),
]
KINDS = [
    (PartyKind.CITIZEN, _("Citizen")),
    (PartyKind.ORGANISATION, _("Organisation")),
    (PartyKind.HOUSEHOLD, _("Household")),
]


class Fold(Func):
    """Lower-case text without diacritics (đ → d), by an immutable SQL function of ours."""

    function = "portal_fold"
    output_field = models.TextField()


class SortKey(Func):
    """Key in Vietnamese alphabetical order (An, Ăn, Ân … Đ after D) under any collation."""

    function = "portal_sort_key"
    output_field = models.TextField()


class Party(models.Model):
    """Whoever can hold a paper or own a dossier: a citizen, an organisation or a household."""

    kind = models.CharField(_("kind"), max_length=12, choices=KINDS)
    public_id = public_id()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class CitizenQuerySet(models.QuerySet["Citizen"]):
    def alive(self) -> CitizenQuerySet:
        """People who are not known to have died and were not merged into another record."""
        return self.filter(died_on__isnull=True, survivor__isnull=True)

    def born_between(self, first: date, last: date) -> CitizenQuerySet:
        """People born on the civil dates `first` … `last`, both included."""
        return self.filter(birth_date__range=(first, last))

    def with_pin(self, pin: str) -> CitizenQuerySet:
        """The one person with this 12-digit number, found by its keyed index."""
        return self.filter(pin_index=Citizen.index_of(pin))


class Citizen(Versioned):
    """A person as the population register (NPD) knows them; the PIN opens only through `pin`.

    Here and below, keys of parties, units and batches that a delivery writes by the million are not
    checked row by row: they come from those tables in the same statement, and nothing that they
    name is ever deleted (tests/house/test_keys_name_something.py).
    """

    # Whom the person may act for today, and the households they answer for, where a page has read
    # them along (`reader_of`).
    represented: tuple[Party, ...] | None = None
    homes: tuple[Party, ...] | None = None

    party = models.OneToOneField(
        Party, models.PROTECT, primary_key=True, db_constraint=False, related_name="citizen"
    )
    pin_index = models.BinaryField(max_length=32, unique=True, null=True, editable=False)
    pin_enc = models.BinaryField(null=True, editable=False)
    family_name = models.CharField(_("family name"), max_length=60)
    middle_name = models.CharField(
        _("middle name"), max_length=80, blank=True, default="", db_default=""
    )
    given_name = models.CharField(_("given name"), max_length=60)
    full_name = models.CharField(_("full name"), max_length=200)
    name_fold = models.GeneratedField(
        expression=Fold(F("full_name")), output_field=models.TextField(), db_persist=True
    )
    name_sort = models.GeneratedField(
        expression=SortKey(F("given_name"), F("full_name")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    gender = models.CharField(_("gender"), max_length=6, choices=GENDERS)
    birth_date = models.DateField(_("birth date"))
    birth_precision = models.CharField(
        _("precision of birth date"),
        max_length=5,
        choices=PRECISIONS,
        default=BirthPrecision.DAY,
        db_default=BirthPrecision.DAY,
    )
    died_on = models.DateField(_("died on"), null=True, blank=True)
    emigrated_on = models.DateField(_("emigrated on"), null=True, blank=True)
    survivor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # `citizen_merged` holds those that have one
        related_name="merged",
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="residents",
        verbose_name=_("unit"),
        db_constraint=False,
        db_index=False,
    )
    current_address = models.CharField(_("current address"), max_length=250)
    permanent_address = models.CharField(_("permanent address"), max_length=250)
    register = models.ForeignKey(
        "citizens.Register",
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    batch = models.ForeignKey(
        "citizens.Batch",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    as_of = models.DateField(_("as of"))

    objects = CitizenQuerySet.as_manager()

    class Meta:
        verbose_name = _("citizen")
        verbose_name_plural = _("citizens")
        ordering = ["name_sort"]
        indexes = [
            # Both hold what a scan asks of people, who are not fetched for it.
            models.Index(
                fields=["birth_date"],
                include=["party", "unit", "emigrated_on"],
                name="citizen_alive_birth",
                condition=Q(died_on__isnull=True, survivor__isnull=True),
            ),
            models.Index(
                fields=["party"],
                include=["unit", "birth_date", "birth_precision"],
                name="citizen_here",
                condition=Q(died_on__isnull=True, survivor__isnull=True, emigrated_on__isnull=True),
            ),
            models.Index(fields=["name_sort"], name="citizen_name_sort"),
            models.Index(fields=["unit"], name="citizen_unit"),
            models.Index(
                fields=["survivor"], name="citizen_merged", condition=Q(survivor__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="citizen_pin_whole",
                condition=Q(pin_index__isnull=True, pin_enc__isnull=True)
                | Q(pin_index__isnull=False, pin_enc__isnull=False),
            ),
            models.CheckConstraint(
                name="citizen_died_after_birth",
                condition=Q(died_on__isnull=True) | Q(died_on__gte=F("birth_date")),
                violation_error_message=_("A person cannot have died before being born."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @staticmethod
    def index_of(pin: str) -> bytes:
        """Return the keyed index under which a PIN is looked up."""
        return keyed_index("pin", pin)

    @staticmethod
    def seal_pin(pin: str) -> bytes:
        """Return a PIN encrypted for the row that this PIN identifies."""
        identity = Citizen.index_of(pin)
        return seal_text(pin, table="citizens_citizen", column="pin_enc", identity=identity)

    @property
    def seal_identity(self) -> bytes:
        """What values sealed apart from this row are bound to: the PIN's index, else the key."""
        return bytes(self.pin_index) if self.pin_index is not None else str(self.pk).encode()

    @property
    def pin(self) -> str | None:
        """The 12-digit personal identification number, or None for a newborn; log who reads it."""
        if self.pin_enc is None or self.pin_index is None:
            return None
        return unseal_text(
            self.pin_enc, table="citizens_citizen", column="pin_enc", identity=bytes(self.pin_index)
        )


class CitizenSensitive(models.Model):
    """Ethnicity, religion, blood type, apart from the person and encrypted (Luật 91/2025/QH15).

    The keys of `body` are those of the catalogue's paths: ``ethnicity``, ``religion``,
    ``blood_type``. It is bound to `Citizen.seal_identity`, which an import knows before the row.
    """

    citizen = models.OneToOneField(
        Citizen, models.PROTECT, primary_key=True, db_constraint=False, related_name="sensitive"
    )
    body_enc = models.BinaryField()
    as_of = models.DateField()
    batch = models.ForeignKey(
        "citizens.Batch",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("sensitive data")
        verbose_name_plural = _("sensitive data")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @staticmethod
    def seal_body(identity: bytes, body: Mapping[str, str]) -> bytes:
        """Return a document encrypted for the citizen with this `seal_identity`."""
        return seal_json(
            dict(body), table="citizens_citizensensitive", column="body_enc", identity=identity
        )

    @property
    def body(self) -> dict[str, str]:
        """The document in clear; log who reads it."""
        opened: dict[str, str] = unseal_json(
            self.body_enc,
            table="citizens_citizensensitive",
            column="body_enc",
            identity=self.citizen.seal_identity,
        )
        return opened


class Organisation(models.Model):
    """A company, cooperative or household business; holds papers like a person does."""

    party = models.OneToOneField(
        Party, models.PROTECT, primary_key=True, related_name="organisation"
    )
    tax_code = models.CharField(_("tax code"), max_length=14, unique=True)
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("address"), max_length=250)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="organisations", verbose_name=_("unit")
    )
    register = models.ForeignKey("citizens.Register", models.PROTECT, related_name="+")
    as_of = models.DateField(_("as of"))
    batch = models.ForeignKey(
        "citizens.Batch",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Household(models.Model):
    """People registered at one address under one head."""

    party = models.OneToOneField(
        Party, models.PROTECT, primary_key=True, db_constraint=False, related_name="household"
    )
    book_number = models.CharField(_("household number"), max_length=20)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="households",
        verbose_name=_("unit"),
        db_constraint=False,
    )
    address = models.CharField(_("address"), max_length=250)
    as_of = models.DateField(_("as of"))
    batch = models.ForeignKey(
        "citizens.Batch",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            # Not `unique=True`, which makes a second index for searches by the beginning.
            models.UniqueConstraint(fields=["book_number"], name="household_once")
        ]

    def __str__(self) -> str:
        return self.book_number


class HouseholdMember(models.Model):
    """A person belongs to one household at a time.

    Two rules hold that: one membership lasts, and those that have ended do not overlap. One rule
    over all periods takes an index that costs a delivery of a million rows half a minute.
    """

    household = models.ForeignKey(
        Household, models.PROTECT, db_constraint=False, related_name="members"
    )
    citizen = models.ForeignKey(
        Citizen, models.PROTECT, db_constraint=False, related_name="memberships"
    )
    relation_to_head = models.CharField(_("relation to head"), max_length=40)
    is_head = models.BooleanField(_("head"), default=False)
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
        verbose_name = _("household member")
        verbose_name_plural = _("household members")
        constraints = [
            models.UniqueConstraint(
                name="member_of_one_household",
                fields=["citizen"],
                condition=Q(valid__upper_inf=True),
                violation_error_message=_("This person already belongs to a household."),
            ),
            ExclusionConstraint(
                name="member_of_one_household_then",
                expressions=[("citizen", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(valid__upper_inf=False),
                violation_error_message=_(
                    "This person already belongs to a household in that period."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citizen} ({self.relation_to_head})"
