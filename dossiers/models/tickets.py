"""The queue at a unit's counters: who waits, who is called where, and when (docs/counter.md).

A ticket knows no person: whoever waits is a number. Why somebody has priority is not kept either.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citizens.models import Agency, Official
from dossiers.enums import TicketAct, TicketState
from portal.common.models import Versioned, public_id, recorded_at

TICKET_STATES = [
    (TicketState.WAITING, _("Waiting")),
    (TicketState.CALLED, _("Called")),
    (TicketState.SERVING, _("Being served")),
    (TicketState.DONE, _("Served")),
    (TicketState.ABSENT, _("Did not come")),
]
OPEN_AT_COUNTER = (TicketState.CALLED, TicketState.SERVING)


class TicketHall(Versioned):
    """The waiting room of an agency, with its rule: so many with priority in a row at most.

    Of the kiosk's secret address (256 random bits) only the SHA-256 is kept.
    """

    agency = models.OneToOneField(Agency, models.PROTECT, related_name="ticket_hall")
    in_a_row = models.PositiveSmallIntegerField(_("with priority in a row, at most"), default=3)
    kiosk_sha256 = models.BinaryField(max_length=32, unique=True, null=True, editable=False)
    public_id = public_id()

    class Meta:
        verbose_name = _("waiting room")
        verbose_name_plural = _("waiting rooms")
        constraints = [
            models.CheckConstraint(
                condition=Q(in_a_row__range=(1, 9)),
                name="hall_some_in_a_row",
                violation_error_message=_("From 1 to 9."),
            )
        ]

    def __str__(self) -> str:
        return str(self.agency)


class ServiceGroup(models.Model):
    """What people come for, as the kiosk asks it; its letter stands before the numbers."""

    hall = models.ForeignKey(TicketHall, models.PROTECT, related_name="groups")
    prefix = models.CharField(_("letter"), max_length=1)
    name_vi = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80)

    class Meta:
        verbose_name = _("group of services")
        verbose_name_plural = _("groups of services")
        ordering = ["prefix"]
        constraints = [
            models.UniqueConstraint(fields=["hall", "prefix"], name="group_letter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.name_vi}"


class CounterSeat(models.Model):
    """Who sits at which counter on a day, and whom they serve (no letters: everybody)."""

    hall = models.ForeignKey(TicketHall, models.PROTECT, related_name="seats")
    day = models.DateField(_("day"))
    number = models.PositiveSmallIntegerField(_("counter"))
    official = models.ForeignKey(Official, models.PROTECT, related_name="seats")
    letters = ArrayField(models.CharField(max_length=1), default=list, blank=True)

    class Meta:
        verbose_name = _("seat at a counter")
        verbose_name_plural = _("seats at counters")
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "number"], name="seat_of_one"),
            models.UniqueConstraint(fields=["day", "official"], name="official_sits_once"),
            models.CheckConstraint(condition=Q(number__range=(1, 99)), name="seat_has_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Appointment(models.Model):
    """A time kept for somebody who was given a code; whose it is stands nowhere."""

    hall = models.ForeignKey(TicketHall, models.PROTECT, related_name="appointments")
    group = models.ForeignKey(ServiceGroup, models.PROTECT, related_name="appointments")
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("at"))
    code = models.CharField(_("code"), max_length=6)
    official = models.ForeignKey(Official, models.PROTECT, related_name="+")
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("appointment at a counter")
        verbose_name_plural = _("appointments at counters")
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "code"], name="appointment_code_once"),
            models.UniqueConstraint(fields=["group", "starts_at"], name="appointment_time_once"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.starts_at:%H:%M}"


class Ticket(models.Model):
    """A number of a day; numbers of a hall and day have no gap.

    `turn_at` is its place in the line, `passed` and `behind` are what `dossiers.turns` counts by.
    A ticket sent on to one counter waits for it alone (`for_counter`).
    """

    hall = models.ForeignKey(TicketHall, models.PROTECT, related_name="tickets")
    group = models.ForeignKey(ServiceGroup, models.PROTECT, related_name="tickets")
    day = models.DateField(_("day"))
    number = models.PositiveSmallIntegerField(_("number"))
    letter = models.CharField(_("letter"), max_length=1)
    has_priority = models.BooleanField(_("has priority"), default=False)
    appointment = models.OneToOneField(
        Appointment, models.PROTECT, null=True, related_name="ticket"
    )
    reserved_at = models.DateTimeField(_("reserved time"), null=True)
    state = models.CharField(
        _("state"), max_length=8, choices=TICKET_STATES, default=TicketState.WAITING
    )
    taken_at = models.DateTimeField(_("taken at"))
    turn_at = models.DateTimeField(_("place in the line"))
    passed = models.PositiveSmallIntegerField(default=0)
    behind = models.PositiveSmallIntegerField(default=0)
    missed = models.PositiveSmallIntegerField(default=0)
    counter = models.PositiveSmallIntegerField(_("counter"), null=True)
    for_counter = models.PositiveSmallIntegerField(_("for counter"), null=True)
    official = models.ForeignKey(Official, models.PROTECT, null=True, related_name="tickets")
    public_id = public_id()

    class Meta:
        verbose_name = _("queue ticket")
        verbose_name_plural = _("queue tickets")
        constraints = [
            models.UniqueConstraint(fields=["hall", "day", "number"], name="ticket_number_once"),
            models.UniqueConstraint(
                fields=["hall", "day", "counter"],
                condition=Q(state__in=OPEN_AT_COUNTER),
                name="counter_has_one_ticket",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OPEN_AT_COUNTER)
                | Q(counter__isnull=False, official__isnull=False),
                name="called_to_a_counter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter}{self.number:03d}"


class TicketEvent(models.Model):
    """What happened to a ticket, for which group of services, and at which counter."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events")
    act = models.CharField(max_length=12, choices=[(one, one) for one in TicketAct])
    group = models.ForeignKey(ServiceGroup, models.PROTECT, related_name="+")
    counter = models.PositiveSmallIntegerField(_("counter"), null=True)
    official = models.ForeignKey(Official, models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField(_("at"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("event of a ticket")
        verbose_name_plural = _("events of tickets")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.act}"
