"""Files that a browser keeps: tables that we make, and papers of people."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from portal.common.spreadsheets import csv_text, workbook

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Return the rows, the first of them the headings, as a download under `name` (ASCII)."""
    response = HttpResponse(csv_text(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def xlsx_file(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Return the same rows as a workbook under `name` (ASCII)."""
    response = HttpResponse(workbook(rows), content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def streamed_csv(name: str, pieces: Iterable[bytes], *, digest: str) -> HttpResponseBase:
    """Return the pieces of a CSV as a download under `name` (ASCII), never all of them at once.

    `digest`, the SHA-256 of the whole in hex, is its tag and stands in `Repr-Digest` (RFC 9530).
    """
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = f'"{digest}"'
    response["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(digest)).decode()}:"
    return response


def sealed_paper(name: str, data: bytes, *, keep: bool) -> HttpResponse:
    """Return a PDF that the portal itself made, to look at or, with `keep`, as a download.

    Only for papers of our own making: what somebody sent in is never shown inside a browser.
    """
    response = HttpResponse(data, content_type="application/pdf")
    way = "attachment" if keep else "inline"
    response["Content-Disposition"] = f'{way}; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def closed_file(request: HttpRequest, data: bytes, *, name: str, media_type: str) -> HttpResponse:
    """Return somebody's file so that no browser runs, guesses or keeps anything of it (F32).

    Always an attachment; a picture may still stand in a page. One range of bytes may be asked for.
    """
    part, status = _asked_for(request.headers.get("Range", ""), len(data))
    if part is None:
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{len(data)}"
    else:
        response = HttpResponse(data[part], status=status, content_type=media_type)
        if status == HTTPStatus.PARTIAL_CONTENT:
            span = f"bytes {part.start}-{part.stop - 1}/{len(data)}"
            response["Content-Range"] = span
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["Accept-Ranges"] = "bytes"
    return response


def public_sound(
    request: HttpRequest,
    read: Callable[[int, int], Iterator[bytes]],
    *,
    size: int,
    digest: str,
    media_type: str,
    name: str,
) -> HttpResponseBase:
    """Return a sound that everybody may hear, a piece at a time; `read` yields from, to before.

    One range of bytes may be asked for, so that a player jumps without fetching the whole; a range
    of another state of the sound (If-Range) gets the whole. Kept for ten minutes, then asked after:
    what is withdrawn must not go on being heard. With `?keep` it is a download.
    """
    tag = f'"{digest}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _as_sound(HttpResponse(status=HTTPStatus.NOT_MODIFIED), tag)
    is_same = request.headers.get("If-Range", tag) == tag
    part, status = _asked_for(request.headers.get("Range", "") if is_same else "", size)
    if part is None:
        refused = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        refused["Content-Range"] = f"bytes */{size}"
        return _as_sound(refused, tag)
    pieces: Iterable[bytes] = () if request.method == "HEAD" else read(part.start, part.stop)
    response = StreamingHttpResponse(pieces, status=status, content_type=media_type)
    response["Content-Length"] = str(part.stop - part.start)
    if status == HTTPStatus.PARTIAL_CONTENT:
        response["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{size}"
    if "keep" in request.GET:
        response["Content-Disposition"] = str(content_disposition_header(True, name))
    return _as_sound(response, tag)


def _as_sound(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response["ETag"] = tag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "public, max-age=600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _asked_for(header: str, size: int) -> tuple[slice | None, int]:
    """Return the part that a Range header asks for (RFC 9110, 14.2), None where it is not there.

    What is no single range of bytes is ignored, as the standard says.
    """
    whole = slice(0, size), HTTPStatus.OK
    found = _RANGE.fullmatch(header.strip())
    if found is None or found.groups() == ("", ""):
        return whole
    first, last = found.groups()
    if not first:
        start, stop = max(size - int(last), 0), size
    else:
        start, stop = int(first), min(int(last or size) + 1, size)
    if start >= stop:
        return (None, 416) if start >= size or not first else whole
    return slice(start, stop), HTTPStatus.PARTIAL_CONTENT
