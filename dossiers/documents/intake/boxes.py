"""AAC in MP4 (ISO/IEC 14496-12): one track, of sound, whose samples are all there."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from dossiers.documents.intake.refusals import IntakeError, Reason

_OUTER = frozenset({b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"})
_HOLDING = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
_FRAGMENTS = frozenset({b"moof", b"styp", b"sidx"})
_MOST_PAIRS = 100_000


@dataclass
class _Track:
    """What the boxes say: kinds of tracks and codings, time, and how many bytes the sound needs."""

    handlers: list[bytes] = field(default_factory=list)
    codings: list[bytes] = field(default_factory=list)
    scale: int = 0
    ticks: int = 0
    needed: int = 0


def walked(data: bytes) -> tuple[float, bytes]:
    """Return the length of the sound (s) and all bytes that are no sound."""
    track = _Track()
    try:
        told, there = _outer(data, track)
    except (struct.error, IndexError) as error:
        raise IntakeError(Reason.DAMAGED) from error
    if any(kind != b"soun" for kind in track.handlers):
        raise IntakeError(Reason.SOUND_PICTURES)
    if len(track.handlers) != 1 or not track.scale or track.needed > there:
        raise IntakeError(Reason.DAMAGED)
    if track.codings != [b"mp4a"]:
        raise IntakeError(Reason.SOUND_CODING)
    return track.ticks / track.scale, told


def _outer(data: bytes, track: _Track) -> tuple[bytes, int]:
    """Read the boxes of a file; return what is no sound, and how many bytes of sound there are."""
    told, there = b"", 0
    for kind, start, stop in _boxes(data, 0, len(data)):
        if kind in _FRAGMENTS:
            raise IntakeError(Reason.SOUND_CODING)
        if kind not in _OUTER:
            raise IntakeError(Reason.MIXED)
        if kind == b"mdat":
            there += stop - start
            continue
        told += data[start:stop]
        if kind == b"moov":
            _read(data, start, stop, track)
    return told, there


def _boxes(data: bytes, start: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, begin of content, end) of the boxes that fill a stretch without a gap."""
    at = start
    while at < stop:
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, at + 8), 16
        end = stop if size == 0 else at + size
        if end > stop or end - at < head:
            raise IntakeError(Reason.DAMAGED)
        yield kind, at + head, end
        at = end


def _read(data: bytes, start: int, stop: int, track: _Track) -> None:
    """Read a box that holds others."""
    for kind, begin, end in _boxes(data, start, stop):
        if kind in _HOLDING:
            _read(data, begin, end, track)
        elif kind == b"hdlr":
            track.handlers.append(data[begin + 8 : begin + 12])
        elif kind == b"stsd":
            track.codings.append(data[begin + 12 : begin + 16])
        elif kind == b"mdhd":
            track.scale = struct.unpack_from(">I", data, begin + (20 if data[begin] else 12))[0]
        elif kind == b"stts":
            track.ticks += sum(count * ticks for count, ticks in _pairs(data, begin, end))
        elif kind == b"stsz":
            track.needed += _needed(data, begin, end)


def _pairs(data: bytes, begin: int, end: int) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", data, begin + 4)
    if count > _MOST_PAIRS or begin + 8 + 8 * count > end:
        raise IntakeError(Reason.DAMAGED)
    return struct.iter_unpack(">II", data[begin + 8 : begin + 8 + 8 * count])


def _needed(data: bytes, begin: int, end: int) -> int:
    """Return how many bytes all samples have together."""
    size, count = struct.unpack_from(">II", data, begin + 4)
    if size:
        return int(size * count)
    if begin + 12 + 4 * count > end:
        raise IntakeError(Reason.DAMAGED)
    return sum(struct.unpack_from(f">{count}I", data, begin + 12))
