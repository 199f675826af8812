"""The national portal's calls, in its own names; each is made once and answers or raises."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from dossiers.exchange.http import SECONDS, ExchangeError, Reply, call
from dossiers.exchange.unnamed import without_people
from dossiers.partners.address import Address

_TAKEN, _LATER = "1", "2"  # MaKetQua: taken, will be answered later


class NationalPortal:
    """A line to the national portal; the token is asked for once and again when it has run out.

    `before` is called before each call and may raise: whoever holds a lease looks at it there.
    """

    def __init__(
        self,
        address: Address,
        *,
        seconds: float = SECONDS,
        before: Callable[[], None] = lambda: None,
    ) -> None:
        self._address, self._seconds = address, seconds
        self.before = before
        self._token = ""

    def next_code(self, reference: str) -> str:
        """Return a new number of a dossier there; one whose answer is lost is a gap."""
        return _text(self._ask("/GetNextValue", {}, reference), "GiaTri")

    def upload(self, name: str, data: bytes, sha256: str, reference: str) -> str:
        """Return the number of a file there; the same file again is the same number."""
        document = {
            "TenTep": name,
            "SHA256": sha256,
            "NoiDung": base64.b64encode(data).decode("ascii"),
        }
        return _text(self._ask("/UploadFile", document, reference), "MaTep")

    def tell(self, path: str, document: Mapping[str, Any], reference: str) -> str:
        """Tell of something and return the receipt's number.

        ExchangeError also where it was taken and will be answered later: asked again under the
        same reference, the partner says how far it is.
        """
        answer = self._ask(path, document, reference)
        result = str(answer.get("MaKetQua", ""))
        if result == _LATER:
            raise ExchangeError("taken, not yet answered", is_uncertain=True)
        if result != _TAKEN:
            said = without_people(str(answer.get("ThongBao", "")))[:200]
            raise ExchangeError(f"refused: {said}", is_final=True)
        return _text(answer, "MaBienNhan")

    def find(self, their_code: str) -> dict[str, Any] | None:
        """Return what stands there of one dossier, None where it is not known."""
        answer = self._ask("/TraCuuHoSo", {"MaHoSo": their_code}, "")
        found = answer.get("HoSo")
        return found if isinstance(found, dict) else None

    def dossiers(self, since: date, until: date) -> Iterator[dict[str, Any]]:
        """Return all dossiers of ours that were filed in these days, as they stand there."""
        page = "1"
        while page:
            asked = {"TuNgay": since.isoformat(), "DenNgay": until.isoformat(), "Trang": page}
            answer = self._ask("/DanhSachHoSo", asked, "")
            rows = answer.get("HoSo")
            if not isinstance(rows, list):
                raise ExchangeError("the list cannot be read")
            yield from (row for row in rows if isinstance(row, dict))
            page = str(answer.get("TrangSau") or "")

    def _ask(self, path: str, document: Mapping[str, Any], reference: str) -> dict[str, Any]:
        reply = self._call(path, document, reference)
        if reply.status == 401:
            self._token = ""
            reply = self._call(path, document, reference)
        error = reply.error()
        if error is not None:
            # A wrong key is the line's fault, not the row's.
            is_line = reply.status in (401, 403, 404)
            raise ExchangeError(str(error), is_down=True) if is_line else error
        return reply.document()

    def _call(self, path: str, document: Mapping[str, Any], reference: str) -> Reply:
        if not self._token:
            who = {"TaiKhoan": self._address.user, "MatKhau": self._address.secret}
            self._token = _text(self._post("/GetToken", who, {}).document(), "Token")
        headers = {"Authorization": f"Bearer {self._token}"}
        if reference:
            headers["X-Ma-Tham-Chieu"] = reference
        return self._post(path, document, headers)

    def _post(self, path: str, document: Mapping[str, Any], headers: Mapping[str, str]) -> Reply:
        self.before()
        body = json.dumps(document, ensure_ascii=False).encode()
        sent = {"Content-Type": "application/json", **headers}
        return call(self._address, path, body, sent, seconds=self._seconds)


def _text(document: Mapping[str, Any], name: str) -> str:
    found = document.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= 200:
        raise ExchangeError(f"the answer has no {name}", is_uncertain=True)
    return found
