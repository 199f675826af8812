"""Reads of audio programmes: what everybody hears today, and the bytes of a sound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from citizens.models import User
from procedures.definition.programme import ProgrammeWords
from procedures.definition.spoken import terms_of
from procedures.enums import ProgrammeAct, ProgrammeState
from procedures.models import Programme, Recording, RecordingPiece
from procedures.selectors.search import tells_all

PIECE = 256 * 1024  # bytes of a recording that are read at once


def programmes_on_air(*, day: date) -> QuerySet[Programme]:
    """Return what everybody may hear on the civil date `day`, the newest first."""
    heard = Programme.objects.filter(state=ProgrammeState.RELEASED, from_on__lte=day)
    open_ended = Q(until_on__isnull=True) | Q(until_on__gte=day)
    return heard.filter(open_ended).select_related("recording")


def find_programmes(*, typed: str, event: str, day: date) -> QuerySet[Programme]:
    """Return those on air of which every typed term begins a word, accents or not, for an event.

    Everyday names and short forms stand for the catalogue's words, as in its own search.
    """
    found = programmes_on_air(day=day)
    if event:
        found = found.filter(events__contains=[event])
    terms = terms_of(typed)
    return found.filter(tells_all(terms)) if terms else found


def has_written(*, programme: Programme, user: User) -> bool:
    """Return whether somebody wrote any of what a programme says since it was last released."""
    heard = programme.steps.filter(act=ProgrammeAct.RELEASE).order_by("-pk").values("pk")[:1]
    since = Coalesce(Subquery(heard), 0)
    return programme.steps.filter(act=ProgrammeAct.WRITE, by=user, pk__gt=since).exists()


def programmes_about(*, procedure: str, day: date) -> QuerySet[Programme]:
    """Return those on air that are about the procedure of this key."""
    return programmes_on_air(day=day).filter(procedures__key=procedure)


def words_of(programme: Programme) -> ProgrammeWords:
    """Return what a programme says; one query."""
    keys = programme.procedures.order_by("key").values_list("key", flat=True)
    return programme.words(tuple(keys))


def bytes_of(recording: Recording, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes of a sound from `start` to before `stop`, a piece and a query at a time."""
    pieces = RecordingPiece.objects.filter(recording=recording)
    for number in range(start // PIECE, (stop - 1) // PIECE + 1):
        content = bytes(pieces.values_list("content", flat=True).get(number=number))
        begin = number * PIECE
        yield content[max(start - begin, 0) : stop - begin]
