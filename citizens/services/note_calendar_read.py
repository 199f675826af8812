"""Note the day on which a calendar program read a secret address."""

from __future__ import annotations

from datetime import date

from citizens.models import CalendarAddress


def note_calendar_read(*, address: CalendarAddress, day: date) -> None:
    """Keep the civil date `day`; one write a day at most."""
    CalendarAddress.objects.filter(pk=address.pk).exclude(read_on=day).update(read_on=day)
