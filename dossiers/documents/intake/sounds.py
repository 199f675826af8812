"""Sounds that every browser plays: MP3, Opus in Ogg, AAC in MP4; kept as they are.

Each is followed from its first byte to its last by the marks of its own format, so that nothing
else can stand before, between or behind, and its length is counted, not believed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

from dossiers.documents.intake import boxes
from dossiers.documents.intake.kinds import refuse_archive, refuse_second_reading
from dossiers.documents.intake.refusals import IntakeError, Reason

MPEG, OGG, MP4 = "audio/mpeg", "audio/ogg", "audio/mp4"
KINDS = frozenset({MPEG, OGG, MP4})
SHORTEST, LONGEST = 5, 30 * 60  # seconds
_LAYER_3 = 1
# By the two bits of the version: bit rates in kbit/s, sampling rates in Hz, samples of a frame.
_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_VERSIONS: Mapping[int, tuple[tuple[int, ...], tuple[int, ...], int]] = {
    3: (_RATES_1, (44100, 48000, 32000), 1152),
    2: (_RATES_2, (22050, 24000, 16000), 576),
    0: (_RATES_2, (11025, 12000, 8000), 576),
}
_PAGE = struct.Struct("<4sBBqIIIB")
_OPUS_RATE = 48_000  # positions in Ogg are told so, whatever was recorded
_FIRST, _LAST = 2, 4  # flags of a page
_TAG_AT_END = 128


def sound_kind(data: bytes) -> str:
    """Return the media type of a sound that may be taken, by its first bytes."""
    if not data:
        raise IntakeError(Reason.EMPTY)
    if data.startswith(b"ID3") or _frame(data, 0) is not None:
        return MPEG
    if data.startswith(b"OggS"):
        return OGG
    if data[4:8] == b"ftyp":
        return MP4
    raise IntakeError(Reason.SOUND_KIND)


def checked(data: bytes, media_type: str) -> int:
    """Return how long a sound is (s); IntakeError where it is not whole, or something else too."""
    refuse_archive(data)
    seconds, told = _WALKS[media_type](data)
    refuse_second_reading(told)
    if seconds < SHORTEST:
        raise IntakeError(Reason.TOO_SHORT)
    if seconds > LONGEST:
        raise IntakeError(Reason.TOO_LONG)
    return round(seconds)


def _mpeg(data: bytes) -> tuple[float, bytes]:
    """Follow an MP3 frame by frame; return its length and what its tags say."""
    start = at = _behind_tag(data)
    end = len(data)
    if data[-_TAG_AT_END:].startswith(b"TAG"):
        end -= _TAG_AT_END
    seconds = 0.0
    while at < end:
        frame = _frame(data, at)
        if frame is None or at + frame[0] > end:
            raise IntakeError(Reason.DAMAGED, at=int(seconds))
        at += frame[0]
        seconds += frame[1]
    return seconds, data[:start] + data[end:]


def _behind_tag(data: bytes) -> int:
    """Return where the first frame begins: behind an ID3v2 tag, whose size has 7 bits a byte."""
    if not data.startswith(b"ID3"):
        return 0
    size = 0
    for part in data[6:10]:
        size = size << 7 | part & 0x7F
    return 10 + size


def _frame(data: bytes, at: int) -> tuple[int, float] | None:
    """Return the bytes and the seconds of the frame of layer III at `at`, None where none is."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    rate_at, sampling_at = head[2] >> 4, head[2] >> 2 & 3
    if version not in _VERSIONS or layer != _LAYER_3 or rate_at in {0, 15} or sampling_at > 2:
        return None
    rates, samplings, samples = _VERSIONS[version]
    sampling = samplings[sampling_at]
    size = samples // 8 * rates[rate_at] * 1000 // sampling + (head[2] >> 1 & 1)
    return size, samples / sampling


def _ogg(data: bytes) -> tuple[float, bytes]:
    """Follow one stream of Opus page by page; return its length and what its comments say."""
    at = position = stream = number = 0
    flags, told, skipped = 0, b"", 0
    while at < len(data):
        if len(data) - at < _PAGE.size:
            raise IntakeError(Reason.DAMAGED, at=position // _OPUS_RATE)
        mark, _version, flags, granule, serial, count, _sum, parts = _PAGE.unpack_from(data, at)
        body = at + _PAGE.size + parts
        stop = body + sum(data[at + _PAGE.size : body])
        if at == 0:
            stream, skipped = serial, _skipped(data[body:stop])
        elif mark == b"OggS" and (serial != stream or flags & _FIRST):
            raise IntakeError(Reason.SOUND_PICTURES)  # a second stream, or a second file
        if mark != b"OggS" or count != number or stop > len(data):
            raise IntakeError(Reason.DAMAGED, at=position // _OPUS_RATE)
        told += data[body:stop] if granule == 0 else b""
        position, number, at = max(position, granule), number + 1, stop
    if not flags & _LAST:
        raise IntakeError(Reason.DAMAGED, at=position // _OPUS_RATE)
    return max(position - skipped, 0) / _OPUS_RATE, told


def _skipped(head: bytes) -> int:
    """Return how many samples a player leaves out in front."""
    if not head.startswith(b"OpusHead") or len(head) < 19:
        raise IntakeError(Reason.SOUND_CODING)
    return int.from_bytes(head[10:12], "little")


_WALKS: Mapping[str, Callable[[bytes], tuple[float, bytes]]] = {
    MPEG: _mpeg,
    OGG: _ogg,
    MP4: boxes.walked,
}
