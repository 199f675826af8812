"""Audio programmes: words, who wrote, reviewed and released them, and the sound in pieces."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from citizens.models import User
from citizens.models.parties import Fold
from portal.common.models import Versioned, recorded_at
from procedures.definition.programme import LONGEST_SUMMARY, LONGEST_TITLE, ProgrammeWords
from procedures.enums import ProgrammeAct, ProgrammeState
from procedures.models.catalogue import Procedure

PROGRAMME_STATES = [
    (ProgrammeState.DRAFT, _("Draft")),
    (ProgrammeState.REVIEWED, _("Reviewed")),
    (ProgrammeState.RELEASED, _("Released")),
    (ProgrammeState.WITHDRAWN, _("Withdrawn")),
]
PROGRAMME_ACTS = [
    (ProgrammeAct.WRITE, _("Draft written")),
    (ProgrammeAct.REVIEW, _("Reviewed")),
    (ProgrammeAct.RELEASE, _("Released")),
    (ProgrammeAct.WITHDRAW, _("Withdrawn")),
]
MEDIA_TYPES = ["audio/mpeg", "audio/ogg", "audio/mp4"]
_KEPT = """
    key title_vi title_en summary_vi summary_en transcript_vi transcript_en events from_on until_on
    recording_id written_by_id reviewed_by_id released_by_id released_at
"""


class Recording(models.Model):
    """A sound as it was sent; rows and pieces are only added: what was public stays proof."""

    name = models.CharField(_("name"), max_length=120)
    media_type = models.CharField(_("kind"), max_length=20)
    size = models.PositiveIntegerField(_("bytes"))
    seconds = models.PositiveIntegerField(_("seconds"))
    sha256 = models.CharField(max_length=64, editable=False)
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="recording_kind",
                condition=Q(media_type__in=MEDIA_TYPES, size__gt=0, seconds__gt=0),
            )
        ]

    def __str__(self) -> str:
        return self.name


class RecordingPiece(models.Model):
    """A stretch of a recording's bytes; a player that jumps reads only the pieces it needs."""

    recording = models.ForeignKey(
        Recording, models.PROTECT, related_name="pieces", db_index=False, verbose_name="+"
    )
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        verbose_name = _("piece of a recording")
        verbose_name_plural = _("pieces of recordings")
        ordering = ["recording", "number"]
        constraints = [
            models.UniqueConstraint(fields=["recording", "number"], name="recording_piece_once")
        ]

    def __str__(self) -> str:
        return f"{self.recording_id} {self.number}"


def _searched() -> Fold:
    """Return what a search looks through: a blank before every word."""
    names = ("title_vi", "title_en", "summary_vi", "summary_en", "transcript_vi")
    parts = [part for name in names for part in (Value(" "), F(name))]
    return Fold(Concat(*parts, output_field=models.TextField()))


class Programme(Versioned):
    """One audio programme; `events` are occasions of the catalogue, `until_on` is its last day."""

    key = models.SlugField(_("address"), max_length=80, unique=True)
    title_vi = models.CharField(_("title"), max_length=LONGEST_TITLE)
    title_en = models.CharField(_("title (English)"), max_length=LONGEST_TITLE)
    summary_vi = models.CharField(_("summary"), max_length=LONGEST_SUMMARY)
    summary_en = models.CharField(_("summary (English)"), max_length=LONGEST_SUMMARY)
    transcript_vi = models.TextField(_("transcript"), blank=True, default="")
    transcript_en = models.TextField(_("transcript (English)"), blank=True, default="")
    events = ArrayField(
        models.CharField(max_length=60), verbose_name=_("life events"), default=list
    )
    procedures = models.ManyToManyField(
        Procedure, related_name="programmes", blank=True, verbose_name=_("procedures")
    )
    from_on = models.DateField(_("heard from"))
    until_on = models.DateField(_("last day on air"), null=True, blank=True)
    recording = models.ForeignKey(
        Recording, models.PROTECT, null=True, related_name="+", verbose_name=_("sound")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=PROGRAMME_STATES, default=ProgrammeState.DRAFT
    )
    written_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewed by")
    )
    released_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("released by")
    )
    released_at = models.DateTimeField(_("released at"), null=True)
    recorded_at = recorded_at()
    searched = models.GeneratedField(
        expression=_searched(), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = _("audio programme")
        verbose_name_plural = _("audio programmes")
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="programme_four_eyes",
                condition=(Q(released_by__isnull=True) | ~Q(released_by=F("written_by")))
                & (Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("written_by"))),
                violation_error_message=_("Whoever wrote a programme cannot also release it."),
            ),
            models.CheckConstraint(
                name="programme_heard_and_read",
                condition=~Q(state=ProgrammeState.RELEASED)
                | (
                    Q(recording__isnull=False, released_by__isnull=False)
                    & Q(reviewed_by__isnull=False)
                    & ~Q(transcript_vi="")
                ),
                violation_error_message=_("A programme without sound or transcript stays a draft."),
            ),
            models.CheckConstraint(
                name="programme_period",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                violation_error_message=_("The period ends before it begins."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="heard_is_not_changed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state = 'released' AND ("
                    + " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in _KEPT.split())
                    + ")"
                ),
            ),
            pgtrigger.Protect(name="programme_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title_vi

    def words(self, procedures: tuple[str, ...]) -> ProgrammeWords:
        """Return what it says, about the procedures of these keys."""
        return ProgrammeWords(
            title_vi=self.title_vi,
            title_en=self.title_en,
            summary_vi=self.summary_vi,
            summary_en=self.summary_en,
            transcript_vi=self.transcript_vi,
            transcript_en=self.transcript_en,
            from_on=self.from_on,
            until_on=self.until_on,
            events=tuple(self.events),
            procedures=procedures,
        )


class ProgrammeStep(models.Model):
    """What an official did to a programme, and the digest of what it said then; only added."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="steps", verbose_name=_("audio programme")
    )
    act = models.CharField(_("what was done"), max_length=10, choices=PROGRAMME_ACTS)
    said_sha256 = models.CharField(max_length=64, editable=False)
    recording = models.ForeignKey(Recording, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    recorded_at = recorded_at()

    class Meta:
        verbose_name = _("step of an audio programme")
        verbose_name_plural = _("steps of audio programmes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.programme} {self.act} {self.at:%d/%m/%Y}"
