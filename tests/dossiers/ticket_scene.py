"""A waiting room on a Friday morning, with officials who may sit at its counters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from citizens.models import Official
from dossiers.models import ServiceGroup, Ticket, TicketHall
from dossiers.services.call_ticket import sit_down
from dossiers.services.open_hall import open_hall
from dossiers.services.take_ticket import take_ticket
from tests.dossiers.scene import FRIDAY
from tests.factories.citizens import AgencyFactory, OfficialFactory


@dataclass
class Hall:
    """The waiting room of an agency; its time runs by the minutes that a test says."""

    hall: TicketHall

    def group(self, letter: str = "A") -> ServiceGroup:
        """Return a group of services by its letter."""
        return self.hall.groups.get(prefix=letter)

    def draw(self, minute: int = 0, letter: str = "A", *, has_priority: bool = False) -> Ticket:
        """Draw a number so many minutes after the scene begins."""
        return take_ticket(
            group=self.group(letter), has_priority=has_priority, now=at_minute(minute)
        )

    def official(self, counter: int, letters: str = "") -> Official:
        """Return an official who sits at a counter."""
        official = OfficialFactory(agency=self.hall.agency)
        sit_down(official=official, hall=self.hall, number=counter, letters=letters, now=FRIDAY)
        return official


def at_minute(minute: float) -> datetime:
    """Return the instant so many minutes after the scene begins."""
    return FRIDAY + timedelta(minutes=minute)


def waiting_room() -> Hall:
    """Open the waiting room of an agency."""
    return Hall(open_hall(agency=AgencyFactory()))
