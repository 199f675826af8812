"""Sounds that every browser plays, and files that only pretend to be one; each is built here."""

from __future__ import annotations

import struct
from collections.abc import Callable

from tests.dossiers.hostile_files import JPEG, PDF, SCRIPT
from tests.dossiers.hostile_pdfs import EICAR, zip_of

Made = Callable[[], tuple[bytes, str]]
FRAME = b"\xff\xf3\x38\xc4" + bytes(104)  # MPEG-2, layer III, 24 kbit/s, 16 kHz: 36 ms of silence
FRAMES_A_SECOND = 1000 / 36


def mp3(seconds: float = 10) -> bytes:
    """Return an MP3 of silence."""
    return FRAME * round(seconds * FRAMES_A_SECOND + 0.5)


def id3(content: bytes) -> bytes:
    """Return a tag as it stands in front of an MP3."""
    size = bytes(len(content) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + size + content


def ogg_page(body: bytes, *, granule: int, number: int, flags: int = 0, serial: int = 7) -> bytes:
    """Return one page of Ogg."""
    lengths = [255] * (len(body) // 255) + [len(body) % 255]
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, serial, number, 0, len(lengths))
    return head + bytes(lengths) + body


def ogg(seconds: int = 10, *, head: bytes = b"", tags: bytes = b"OpusTags", last: int = 4) -> bytes:
    """Return Opus in Ogg, a page a second."""
    head = head or b"OpusHead\x01\x01" + struct.pack("<HIHB", 312, 16_000, 0, 0)
    pages = [ogg_page(head, granule=0, number=0, flags=2), ogg_page(tags, granule=0, number=1)]
    for number in range(2, 2 + seconds):
        flags = last if number == 1 + seconds else 0
        pages.append(
            ogg_page(bytes(80), granule=312 + 48_000 * (number - 1), number=number, flags=flags)
        )
    return b"".join(pages)


def box(kind: bytes, *content: bytes) -> bytes:
    """Return a box of MP4."""
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def m4a(
    seconds: int = 10,
    *,
    handler: bytes = b"soun",
    coding: bytes = b"mp4a",
    samples: int = 0,
    more: bytes = b"",
) -> bytes:
    """Return AAC in MP4 with a sample a second of 100 bytes."""
    head = box(b"mdhd", struct.pack(">IIIII", 0, 0, 0, 1000, 1000 * seconds))
    table = box(
        b"stbl",
        box(b"stsd", struct.pack(">II", 0, 1), box(coding, bytes(28))),
        box(b"stts", struct.pack(">IIII", 0, 1, seconds, 1000)),
        box(b"stsz", struct.pack(">III", 0, 100, samples or seconds)),
    )
    told = box(b"hdlr", bytes(8) + handler + bytes(13))
    moov = box(b"moov", box(b"trak", box(b"mdia", head, told, box(b"minf", table))), more)
    return box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + moov + box(b"mdat", bytes(100 * seconds))


PLAIN: dict[str, tuple[Made, str, int]] = {
    "MP3": (lambda: (mp3(), "noi.mp3"), "audio/mpeg", 10),
    "MP3 with tags at both ends": (
        lambda: (id3(b"TIT2 title") + mp3() + b"TAG" + bytes(125), "noi.mp3"),
        "audio/mpeg",
        10,
    ),
    "Opus": (lambda: (ogg(), "noi.opus"), "audio/ogg", 10),
    "AAC": (lambda: (m4a(), "Bài nói.m4a"), "audio/mp4", 10),
    "half an hour": (lambda: (mp3(1799), "dai.mp3"), "audio/mpeg", 1799),
}
# What is sent, and a few words of the sentence that refuses it, in Vietnamese and English.
BAD: dict[str, tuple[Made, str, str]] = {
    "empty": (lambda: (b"", "a.mp3"), "trống", "empty"),
    "text": (lambda: (b"Xin chao ong ba" * 50, "a.mp3"), "không phải", "no sound that browsers"),
    "a photo": (lambda: (JPEG, "a.mp3"), "không phải", "no sound that browsers"),
    "a PDF": (lambda: (PDF, "a.mp3"), "không phải", "no sound that browsers"),
    "a wave": (lambda: (b"RIFF\0\0\0\0WAVEfmt ", "a.wav"), "không phải", "no sound that browsers"),
    "bare AAC": (
        lambda: (b"\xff\xf1\x50\x80" * 99, "a.aac"),
        "không phải",
        "no sound that browsers",
    ),
    "a page": (lambda: (b"<html>" + mp3(), "a.mp3"), "không phải", "no sound that browsers"),
    "breaks off": (lambda: (mp3(12)[:-50], "a.mp3"), "0:11", "breaks off at 0:11"),
    "a hole": (lambda: (mp3(8) + bytes(99) + mp3(9), "a.mp3"), "0:08", "breaks off at 0:08"),
    "a page behind": (lambda: (mp3() + b"<html>" * 40, "a.mp3"), "0:10", "breaks off at 0:10"),
    "a script in its tag": (lambda: (id3(SCRIPT) + mp3(), "a.mp3"), "hai", "in one"),
    "a virus in its tag": (lambda: (id3(EICAR) + mp3(), "a.mp3"), "hai", "in one"),
    "an archive in its tag": (
        lambda: (mp3() + b"TAG" + zip_of({"a": b""})[-125:].rjust(125, b"\0"), "a.mp3"),
        "hai",
        "in one",
    ),
    "Vorbis": (lambda: (ogg(head=b"\x01vorbis" + bytes(23)), "a.ogg"), "mã hóa", "not every phone"),
    "FLAC in Ogg": (
        lambda: (ogg(head=b"\x7fFLAC" + bytes(20)), "a.ogg"),
        "mã hóa",
        "not every phone",
    ),
    "Ogg cut between pages": (lambda: (ogg(last=0), "a.ogg"), "0:10", "breaks off at 0:10"),
    "Ogg cut within a page": (lambda: (ogg()[:-20], "a.ogg"), "0:09", "breaks off at 0:09"),
    "two streams": (lambda: (ogg() + ogg(), "a.ogg"), "hình", "moving pictures"),
    "a script in its comments": (lambda: (ogg(tags=SCRIPT), "a.ogg"), "hai", "in one"),
    "a film": (lambda: (m4a(handler=b"vide"), "a.mp4"), "hình", "moving pictures"),
    "lossless in MP4": (lambda: (m4a(coding=b"alac"), "a.m4a"), "mã hóa", "not every phone"),
    "samples that are not there": (lambda: (m4a(samples=99), "a.m4a"), "hỏng", "damaged"),
    "MP4 cut": (lambda: (m4a()[:-9], "a.m4a"), "hỏng", "damaged"),
    "a page in MP4": (lambda: (m4a(more=box(b"udta", SCRIPT)), "a.m4a"), "hai", "in one"),
    "a strange box": (lambda: (m4a() + box(b"uuid", bytes(20)), "a.m4a"), "hai", "in one"),
    "a stream of fragments": (lambda: (m4a() + box(b"moof"), "a.m4a"), "mã hóa", "not every phone"),
    "too short": (lambda: (mp3(3), "a.mp3"), "ngắn hơn 5 giây", "shorter than 5 seconds"),
    "too long": (lambda: (mp3(1802), "a.mp3"), "dài hơn 30 phút", "longer than 30 minutes"),
    "too large": (lambda: (bytes(10_000_001), "a.mp3"), "lớn hơn 10 MB", "larger than 10 MB"),
    "a name with a path": (lambda: (mp3(), "../a.mp3"), "Tên", "name of this file"),
    "a name that turns": (lambda: (mp3(), "a\u202e3pm.exe"), "Tên", "name of this file"),
    "a program's ending": (lambda: (mp3(), "a.mp3.exe"), ".mp3", "must end in"),
    "another kind's ending": (lambda: (mp3(), "a.ogg"), "nội dung", "its content is another"),
}
