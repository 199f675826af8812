"""What a file is, by its bytes; never by its name or by what the sender says (F28, F29)."""

from __future__ import annotations

import io
import zipfile

import filetype

from dossiers.documents.intake.refusals import IntakeError, Reason

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
_FIRST = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG), (b"%PDF-", PDF))
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})
_OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf")
# What makes a second reader (a browser, a shell, an unpacker) see another file in the same bytes.
_OTHERS = (
    b"<script",
    b"<html",
    b"<!doctype html",
    b"<svg",
    b"<iframe",
    b"<?php",
    b"<%@",
    b"javascript:",
    b"rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"this program cannot be run in dos mode",
    b"#!/bin/",
    b"x5o!p%@ap[4\\pzx54(p^)7cc)7}$eicar",
)


def kind_of(data: bytes) -> str:
    """Return the media type of a file that may be taken; IntakeError says what else it is."""
    if not data:
        raise IntakeError(Reason.EMPTY)
    for magic, media_type in _FIRST:
        if data.startswith(magic):
            return media_type
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise IntakeError(Reason.HEIC)
    if data.startswith(_OFFICE):
        raise IntakeError(Reason.OFFICE)
    guessed = filetype.guess_mime(data)
    is_picture = guessed is not None and guessed.startswith("image/")
    raise IntakeError(Reason.PICTURE_KIND if is_picture else Reason.KIND)


def refuse_second_reading(data: bytes) -> None:
    """Refuse bytes, kept as they are, that are also a page, a program or an archive."""
    lowered = data.lower()
    if any(mark in lowered for mark in _OTHERS):
        raise IntakeError(Reason.MIXED)
    refuse_archive(data)


def refuse_archive(data: bytes) -> None:
    """Refuse bytes that an unpacker opens."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise IntakeError(Reason.MIXED)
