"""Sounds: what browsers play is taken as it is, all else is refused with place and reason."""

from __future__ import annotations

import pytest
from django.utils import translation
from pytest_django import Settings

from dossiers.documents.intake.refusals import OF_SOUND, IntakeError
from dossiers.services.sound_words import sound_sentence
from dossiers.services.take_sound import take_sound
from portal.common.errors import RefusedError
from tests.dossiers.sounds import BAD, PLAIN, Made, mp3


@pytest.mark.parametrize(("made", "media_type", "seconds"), PLAIN.values(), ids=PLAIN)
def test_what_browsers_play_is_taken_byte_for_byte(
    made: Made, media_type: str, seconds: int
) -> None:
    data, name = made()

    sound = take_sound(data=data, given_name=name)

    assert (sound.media_type, sound.seconds) == (media_type, seconds)
    assert sound.name.endswith((".mp3", ".ogg", ".m4a"))
    assert sound.data == data


@pytest.mark.parametrize(("made", "in_vi", "in_en"), BAD.values(), ids=BAD)
def test_all_else_is_refused_with_place_and_reason(made: Made, in_vi: str, in_en: str) -> None:
    data, name = made()

    said = {}
    for language in ("vi", "en"):
        with translation.override(language), pytest.raises(RefusedError) as refused:
            take_sound(data=data, given_name=name)
        (said[language],) = refused.value.reasons

    assert in_vi in said["vi"]
    assert in_en in said["en"]


@pytest.mark.parametrize("reason", sorted(OF_SOUND))
def test_every_reason_has_its_sentence(reason: str) -> None:
    assert sound_sentence(IntakeError(next(one for one in OF_SOUND if one == reason)))


def test_where_the_scanner_cannot_be_asked_nothing_is_made_public(settings: Settings) -> None:
    settings.CLAMD_URL = "unix:///nowhere.ctl"

    with pytest.raises(RefusedError, match="quét"):
        take_sound(data=mp3(), given_name="a.mp3")
