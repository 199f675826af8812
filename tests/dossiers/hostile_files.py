"""Files that nobody should be served, each built here, and plain ones that must be taken."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from tests.dossiers.hostile_pdfs import EICAR, HOSTILE_PDFS, a_pdf, zip_of

Made = Callable[[], tuple[bytes, str]]
SCRIPT = b"<script>alert(document.cookie)</script>"


def a_picture(
    kind: str = "JPEG", size: tuple[int, int] = (320, 200), mode: str = "RGB", **how: Any
) -> bytes:
    """Return a small picture that looks like something."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **how)
    return out.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    check = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)


def a_png(width: int, height: int, *chunks: bytes, rows: bytes = b"") -> bytes:
    """Return a PNG of that announced size with any chunks between its head and its end."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = _chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + body + _chunk(b"IEND", b"")


def _text_bomb() -> bytes:
    packed = zlib.compress(bytes(200_000_000), 9)
    return a_png(1, 1, _chunk(b"zTXt", b"Comment\x00\x00" + packed), rows=b"\x00\x00\x00\x00")


def _huge_jpeg() -> bytes:
    whole = a_picture()
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + struct.pack(">HH", 65_000, 65_000) + whole[at + 4 :]


def _nested_zip() -> bytes:
    data = bytes(50_000_000)
    for level in range(3):
        data = zip_of({f"{level}.zip": data})
    return data


JPEG, PNG, PDF = a_picture(), a_picture("PNG"), a_pdf()
_SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
_XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "http://thu.example/">]><a>&x;</a>'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

_CONTENTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "a.pdf"),
    "blanks": (lambda: b" " * 99, "a.pdf"),
    "zeroes": (lambda: bytes(5_000), "a.jpg"),
    "text": (lambda: b"Gia han giay phep", "a.txt"),
    "table with formulas": (lambda: b"=cmd|'/c calc'!A1,2", "a.csv"),
    "web page": (lambda: b"<!DOCTYPE html>" + SCRIPT, "a.html"),
    "web page that says PDF": (lambda: b"<html>" + SCRIPT, "a.pdf"),
    "web page that says photo": (lambda: SCRIPT, "a.jpg"),
    "web page of UTF-16": (lambda: ("\ufeff" + SCRIPT.decode()).encode("utf-16-le"), "a.png"),
    "SVG": (lambda: _SVG, "a.svg"),
    "SVG that says PNG": (lambda: _SVG, "a.png"),
    "XML that asks outside": (lambda: _XXE, "a.xml"),
    "script": (lambda: b"alert(1)", "a.js"),
    "PHP": (lambda: b"<?php system($_GET['c']);", "a.php"),
    "shell": (lambda: b"#!/bin/sh\nid", "a.sh"),
    "batch": (lambda: b"@echo off\r\ndel *", "a.bat"),
    "PowerShell": (lambda: b"Invoke-WebRequest thu.example", "a.ps1"),
    "program of Windows": (lambda: b"MZ\x90\x00" + bytes(900), "a.exe"),
    "program of Windows that says PDF": (lambda: b"MZ\x90\x00" + bytes(900), "a.pdf"),
    "program of Linux": (lambda: b"\x7fELF\x02\x01\x01" + bytes(900), "a"),
    "program of a Mac": (lambda: b"\xcf\xfa\xed\xfe" + bytes(900), "a"),
    "program of Java": (lambda: b"\xca\xfe\xba\xbe" + bytes(900), "a.class"),
    "program of Android": (lambda: zip_of({"AndroidManifest.xml": b"a"}), "a.apk"),
    "shortcut": (lambda: b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(99), "a.lnk"),
    "archive": (lambda: zip_of({"a.txt": b"a"}), "a.zip"),
    "archive that says PDF": (lambda: zip_of({"a.pdf": PDF}), "a.pdf"),
    "archive that leads out": (lambda: zip_of({"../../etc/passwd": b"a"}), "a.zip"),
    "archive that unpacks without end": (lambda: zip_of({"a": bytes(90_000_000)}), "a.zip"),
    "archive in archives": (_nested_zip, "a.zip"),
    "RAR": (lambda: b"Rar!\x1a\x07\x01\x00" + bytes(99), "a.rar"),
    "7z": (lambda: b"7z\xbc\xaf\x27\x1c" + bytes(99), "a.7z"),
    "gzip": (lambda: b"\x1f\x8b\x08" + bytes(99), "a.gz"),
    "Word": (lambda: zip_of({"word/document.xml": b"<a/>"}), "a.docx"),
    "Word with macros": (lambda: zip_of({"word/vbaProject.bin": b"a"}), "a.docm"),
    "Word that asks outside": (lambda: zip_of({"word/document.xml": _XXE}), "a.docx"),
    "Excel": (lambda: zip_of({"xl/workbook.xml": _XXE}), "a.xlsx"),
    "Excel that unpacks without end": (
        lambda: zip_of({"xl/worksheets/sheet1.xml": bytes(90_000_000)}),
        "a.xlsx",
    ),
    "old Word": (lambda: _OLE, "a.doc"),
    "old Excel": (lambda: _OLE, "a.xls"),
    "rich text": (lambda: b"{\\rtf1{\\object\\objdata 0105}}", "a.rtf"),
    "e-mail": (lambda: b"From: a@thu.example\r\n\r\na", "a.eml"),
    "PostScript": (lambda: b"%!PS-Adobe-3.0\n(a) run", "a.ps"),
    "PostScript that says PDF": (lambda: b"%!PS-Adobe-3.0\n(a) run", "a.pdf"),
    "Flash": (lambda: b"CWS\x09" + bytes(99), "a.swf"),
    "film": (lambda: b"\x00\x00\x00\x18ftypmp42" + bytes(99), "a.mp4"),
    "sound": (lambda: b"ID3\x03" + bytes(99), "a.mp3"),
    "GIF": (lambda: a_picture("GIF", mode="P"), "a.gif"),
    "GIF that is a script": (lambda: b"GIF89a/*" + bytes(9) + b"*/=1;alert(1)", "a.gif"),
    "GIF that is an archive": (lambda: a_picture("GIF", mode="P") + zip_of({"a": b"a"}), "a.gif"),
    "BMP": (lambda: a_picture("BMP"), "a.bmp"),
    "TIFF": (lambda: a_picture("TIFF"), "a.tif"),
    "WebP": (lambda: a_picture("WEBP"), "a.webp"),
    "icon": (lambda: a_picture("ICO", (32, 32)), "a.ico"),
    "Photoshop": (lambda: b"8BPS\x00\x01" + bytes(99), "a.psd"),
    "HEIC": (lambda: b"\x00\x00\x00\x18ftypheic" + bytes(99), "IMG_1.HEIC"),
    "AVIF": (lambda: b"\x00\x00\x00\x18ftypavif" + bytes(99), "a.avif"),
    "virus test text": (lambda: EICAR, "a.pdf"),
    "virus test text that says photo": (lambda: EICAR, "a.jpg"),
    "virus test text in an archive": (lambda: zip_of({"eicar.com": EICAR}), "a.zip"),
    "virus test text, two archives deep": (
        lambda: zip_of({"a.zip": zip_of({"eicar.com": EICAR})}),
        "a.zip",
    ),
    "PNG of 50,000 x 50,000 in 74 bytes": (lambda: a_png(50_000, 50_000), "a.png"),
    "PNG of 50,000 x 50,000 with rows": (
        lambda: a_png(50_000, 50_000, rows=bytes(9_999_999)),
        "a.png",
    ),
    "PNG whose comment unpacks to 200 MB": (_text_bomb, "a.png"),
    "PNG without rows": (lambda: a_png(64, 64), "a.png"),
    "PNG cut short": (lambda: PNG[: len(PNG) // 2], "a.png"),
    "PNG of its first bytes": (lambda: PNG[:8], "a.png"),
    "PNG of size nought": (lambda: a_png(0, 0), "a.png"),
    "PNG with a wrong check": (
        lambda: PNG.replace(b"IHDR\x00\x00\x01", b"IHDR\x00\x00\x02"),
        "a.png",
    ),
    "JPEG of 65,000 x 65,000": (_huge_jpeg, "a.jpg"),
    "JPEG cut short": (lambda: JPEG[: len(JPEG) // 2], "a.jpg"),
    "JPEG of its first bytes": (lambda: b"\xff\xd8\xff", "a.jpg"),
    "JPEG of noise": (lambda: b"\xff\xd8\xff" + bytes(range(256)) * 40, "a.jpg"),
    "larger than ten megabytes": (lambda: JPEG + bytes(10_000_000), "a.jpg"),
}
_NAMES: dict[str, str] = {
    "path upwards": "../../etc/giay.jpg",
    "path upwards of Windows": "..\\..\\giay.jpg",
    "path from the root": "/etc/cron.d/giay.jpg",
    "path of a drive": "C:\\giay.jpg",
    "NUL in the name": "giay.jpg\x00.exe",
    "NUL before the ending": "giay\x00.jpg",
    "line break in the name": "giay\r\nSet-Cookie: a=b.jpg",
    "tab in the name": "giay\t.jpg",
    "right to left": "giay\u202egpj.exe",
    "right to left before a true ending": "giay\u202eexe.jpg",
    "turned and turned back": "gi\u2066ay\u2069.jpg",
    "invisible letter": "gi\u200bay.jpg",
    "mark of byte order": "\ufeffgiay.jpg",
    "separator of lines": "giay\u2028.jpg",
    "tag in the name": "<img src=x onerror=alert(1)>.jpg",
    "quote in the name": 'giay";filename="x.exe.jpg',
    "300 letters": "g" * 296 + ".jpg",
    "300 letters with marks": "ế" * 296 + ".jpg",
    "two endings": "giay.exe.jpg",
    "two endings the other way": "giay.jpg.exe",
    "ending of a page": "giay.html",
    "ending of a page before": "giay.php.jpg",
    "ending of a script before": "giay.pdf.js.jpg",
    "ending of a picture that runs": "giay.svg",
    "ending of a program": "giay.EXE",
    "ending with a blank": "giay.exe .jpg",
    "ending of another kind": "giay.pdf",
    "ending of Word": "giay.docx",
    "stream of Windows": "giay.jpg::$DATA",
    "wild card": "giay*.jpg",
}


def _claims(make: Callable[[], bytes], given: str) -> Made:
    return lambda: (make(), given)


HOSTILE: dict[str, Made] = {
    **{name: _claims(*made) for name, made in _CONTENTS.items()},
    **{f"name: {name}": _claims(lambda: JPEG, given) for name, given in _NAMES.items()},
    **{f"PDF: {name}": _claims(make, "a.pdf") for name, make in HOSTILE_PDFS.items()},
}


# ------------------------------------------------------------- carriers: taken, without their load
LOAD = b"LOAD-OF-A-CARRIER"


def _exif() -> Image.Exif:
    notes = Image.Exif()
    notes[0x010E], notes[0x0112], notes[0x9286] = "LOAD-OF-A-CARRIER", 6, LOAD
    notes.get_ifd(0x8825)[2] = (16.0, 3.0, 0.0)
    return notes


CARRIERS: dict[str, Made] = {
    "JPEG with a page behind": lambda: (JPEG + LOAD + SCRIPT, "a.jpg"),
    "JPEG with an archive behind": lambda: (JPEG + zip_of({"LOAD-OF-A-CARRIER": b"a"}), "a.jpg"),
    "JPEG with a film behind": lambda: (JPEG + b"\x00\x00\x00\x18ftypmp42" + LOAD, "a.jpg"),
    "JPEG with the virus test text behind": lambda: (JPEG + LOAD + EICAR, "a.jpg"),
    "JPEG with a comment": lambda: (a_picture(comment=LOAD + SCRIPT), "a.jpg"),
    "JPEG with notes of its camera": lambda: (a_picture(exif=_exif()), "a.jpg"),
    "JPEG with a colour profile": lambda: (a_picture(icc_profile=LOAD * 9), "a.jpg"),
    "PNG with a page behind": lambda: (PNG + LOAD + SCRIPT, "a.png"),
    "PNG with a note": lambda: (
        a_png(1, 1, _chunk(b"tEXt", b"Comment\x00" + LOAD + SCRIPT), rows=bytes(4)),
        "a.png",
    ),
    "PNG with an unknown part": lambda: (
        a_png(1, 1, _chunk(b"prVt", LOAD + EICAR), rows=bytes(4)),
        "a.png",
    ),
}


# ------------------------------------------------------------------ plain files that must be taken
def _scan(pdf: pikepdf.Pdf) -> None:
    """Put a photo on the first page, as scanners do."""
    photo = pikepdf.Stream(pdf, JPEG)
    photo["/Type"], photo["/Subtype"] = Name.XObject, Name.Image
    photo["/Width"], photo["/Height"], photo["/BitsPerComponent"] = 320, 200, 8
    photo["/ColorSpace"], photo["/Filter"] = Name.DeviceRGB, Name.DCTDecode
    page = pdf.pages[0]
    page["/Resources"] = Dictionary(XObject=Dictionary(Im=pdf.make_indirect(photo)))
    page["/Contents"] = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im Do Q")


def _link(pdf: pikepdf.Pdf) -> None:
    action = Dictionary(S=Name.URI, URI=String("https://dichvucong.gov.vn/"))
    note = Dictionary(Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    pdf.pages[0]["/Annots"] = Array([pdf.make_indirect(note)])


def _opens_on_its_first_page(pdf: pikepdf.Pdf) -> None:
    pdf.Root["/OpenAction"] = Array([pdf.pages[0].obj, Name.XYZ, 0, 842, 0])


def _text(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0]["/Contents"] = pdf.make_stream(b"BT (Giay khai sinh) Tj ET " * 2_000)


def _noted(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as notes:
        notes["dc:title"] = "Giấy khai sinh"


CONTROLS: dict[str, Made] = {
    "photo of a phone": lambda: (a_picture(size=(4000, 3000)), "IMG_20261120_0912.jpg"),
    "photo of 48 megapixels": lambda: (a_picture(size=(8000, 6000)), "anh.jpeg"),
    "photo on its side": lambda: (a_picture(exif=_exif()), "Giấy khám sức khỏe.JPG"),
    "photo in grey": lambda: (a_picture(mode="L"), "scan 1.jpg"),
    "photo for print": lambda: (a_picture(mode="CMYK"), "chân dung 4x6.jpg"),
    "photo, progressive": lambda: (a_picture(progressive=True), "zalo.jpg"),
    "photo without a name": lambda: (JPEG, ""),
    "photo of a camera's blob": lambda: (JPEG, "image"),
    "photo that a chat named otherwise": lambda: (JPEG, "anh.png"),
    "picture of the screen": lambda: (a_picture("PNG", (1080, 2400)), "Screenshot 1.png"),
    "picture with clear parts": lambda: (a_picture("PNG", mode="RGBA"), "chữ ký.png"),
    "picture of few colours": lambda: (a_picture("PNG", mode="P"), "so-do.png"),
    "picture in black and white": lambda: (a_picture("PNG", mode="1"), "fax.png"),
    "picture of 16 bits": lambda: (a_picture("PNG", mode="I;16"), "scan.png"),
    "plain PDF": lambda: (PDF, "Giấy khai sinh.pdf"),
    "PDF with a dot in its name": lambda: (PDF, "Số 12.2026 UBND.xã.pdf"),
    "PDF of a scanner": lambda: (a_pdf(_scan), "scan.pdf"),
    "PDF with text": lambda: (a_pdf(_text), "don.pdf"),
    "PDF of fifty pages": lambda: (a_pdf(pages=50), "Điều lệ công ty.pdf"),
    "PDF with packed objects": lambda: (
        a_pdf(_text, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "1.pdf",
    ),
    "PDF for fast reading": lambda: (a_pdf(linearize=True), "2.pdf"),
    "PDF with a link": lambda: (a_pdf(_link), "3.pdf"),
    "PDF that opens on its first page": lambda: (a_pdf(_opens_on_its_first_page), "4.pdf"),
    "PDF with its title": lambda: (a_pdf(_noted), "5.pdf"),
    "PDF followed by blanks": lambda: (PDF + b"\r\n\r\n", "6.pdf"),
}
