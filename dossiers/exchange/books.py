"""The books of the simulated partner (MÔ PHỎNG): what the national portal would hold of ours.

No platform is connected. The same reference again changes nothing and is answered alike, as the
guide of the national portal asks of its callers.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

SIMULATED = "MÔ PHỎNG"
PAGE = 50
Answer = tuple[int, dict[str, Any]]
_DATES = ("NgayTiepNhan", "NgayHenTra", "NgayKetThuc")


class Fault(StrEnum):
    """What goes wrong with a call."""

    SLOW = "slow"  # answered when the caller has long gone; done all the same
    BROKEN = "broken"  # 500, nothing done
    DROP = "drop"  # done, then the line breaks
    LATE = "late"  # taken, answered when asked again
    WRONG = "wrong"  # answered well, another status written down
    FORGET = "forget"  # a dossier is answered well and not kept
    DOUBLE = "double"  # a dossier is kept twice


@dataclass
class Weather:
    """How often what goes wrong, as shares of 1; the seed makes it the same each time."""

    shares: Mapping[Fault, float] = field(default_factory=dict)
    seed: int = 0

    def __post_init__(self) -> None:
        """Begin the series."""
        self._chance = random.Random(self.seed)  # noqa: S311 - weather, no secret

    def next(self) -> Fault | None:
        """Return what happens to the next call."""
        left = self._chance.random()
        for fault, share in self.shares.items():
            left -= share
            if left < 0:
                return fault
        return None


class Books:
    """What the partner holds; `file` keeps it between two runs of a trial."""

    def __init__(self, *, weather: Weather | None = None, file: Path | None = None) -> None:
        self.weather = weather or Weather()
        self.dossiers: dict[str, dict[str, Any]] = {}
        self.files: dict[str, str] = {}
        self.calls: list[str] = []
        self.last_code = 0
        self.lock = threading.RLock()
        self._answers: dict[str, dict[str, Any]] = {}
        self._later: set[str] = set()
        self._file = file
        if file is not None and file.exists():
            held = json.loads(file.read_text(encoding="utf-8"))
            self.dossiers, self.last_code = held["dossiers"], held["last_code"]

    def answer(
        self, path: str, document: Mapping[str, Any], reference: str, fault: Fault | None
    ) -> Answer:
        """Do what a call asks and return status and document; a reference is done once."""
        act = self._acts().get(path)
        if act is None:
            return 404, {"ThongBao": "không có dịch vụ này"}
        with self.lock:
            self.calls.append(path)
            if reference in self._answers:
                return 200, self._answers[reference]
            if fault is Fault.LATE and reference and reference not in self._later:
                self._later.add(reference)
                return 200, {"MaKetQua": "2", "ThongBao": f"{SIMULATED}: đang xử lý"}
            status, made = act(document, fault)
            if reference and status == 200 and made.get("MaKetQua", "1") == "1":
                self._answers[reference] = made
            self._keep()
            return status, made

    def invent(self, their_code: str, status: str, filed_on: str) -> None:
        """Write down a dossier of which we know nothing."""
        with self.lock:
            row = {"MaHoSo": their_code, "MaHoSoDiaPhuong": "", "TrangThai": status}
            self.dossiers[their_code] = row | {"NgayNop": filed_on} | dict.fromkeys(_DATES)

    def _acts(self) -> dict[str, Callable[[Mapping[str, Any], Fault | None], Answer]]:
        return {
            "/GetNextValue": self._next_code,
            "/UploadFile": self._upload,
            "/NoiHoSo": self._create,
            "/CapNhatTienTrinh": self._progress,
            "/CapNhatTrangThai": self._status,
            "/TraCuuHoSo": self._find,
            "/DanhSachHoSo": self._list,
            "/HuyHoSo": self._remove,
        }

    def _next_code(self, _document: Mapping[str, Any], _fault: Fault | None) -> Answer:
        return 200, {"GiaTri": self._code()}

    def _upload(self, document: Mapping[str, Any], _fault: Fault | None) -> Answer:
        key = str(document["SHA256"])
        self.files.setdefault(key, f"T{len(self.files) + 1:06d}")
        return 200, {"MaTep": self.files[key]}

    def _create(self, document: Mapping[str, Any], fault: Fault | None) -> Answer:
        code = str(document["MaHoSo"])
        row = {name: document.get(name) for name in ("MaHoSoDiaPhuong", "MaTTHC", "NgayNop")}
        row |= {name: document.get(name) for name in _DATES}
        row |= {"MaHoSo": code, "TrangThai": str(document["TrangThai"]), "TienTrinh": []}
        if fault is not Fault.FORGET:
            self.dossiers.setdefault(code, row)
        if fault is Fault.DOUBLE:
            other = self._code()
            self.dossiers[other] = {**row, "MaHoSo": other}
        return self._taken()

    def _progress(self, document: Mapping[str, Any], _fault: Fault | None) -> Answer:
        row = self.dossiers.get(str(document["MaHoSo"]))
        if row is None:
            return self._unknown()
        if "CongViec" in document:
            row["TienTrinh"].append([document["CongViec"], document["ThoiDiemXuLy"]])
        row |= {name: document[name] for name in _DATES if name in document}
        return self._taken()

    def _status(self, document: Mapping[str, Any], fault: Fault | None) -> Answer:
        row = self.dossiers.get(str(document["MaHoSo"]))
        if row is None:
            return self._unknown()
        row |= {name: document.get(name) for name in _DATES}
        told = str(document["TrangThai"])
        row["TrangThai"] = ("8" if told != "8" else "4") if fault is Fault.WRONG else told
        return self._taken()

    def _find(self, document: Mapping[str, Any], _fault: Fault | None) -> Answer:
        return 200, {"HoSo": self.dossiers.get(str(document["MaHoSo"]))}

    def _list(self, document: Mapping[str, Any], _fault: Fault | None) -> Answer:
        first = (int(document["Trang"]) - 1) * PAGE
        since, until = str(document["TuNgay"]), str(document["DenNgay"])
        rows = [row for row in self.dossiers.values() if since <= str(row["NgayNop"]) <= until]
        rows.sort(key=lambda row: str(row["MaHoSo"]))
        more = str(int(document["Trang"]) + 1) if len(rows) > first + PAGE else ""
        return 200, {"HoSo": rows[first : first + PAGE], "TrangSau": more}

    def _remove(self, document: Mapping[str, Any], _fault: Fault | None) -> Answer:
        self.dossiers.pop(str(document["MaHoSo"]), None)
        return self._taken()

    def _taken(self) -> Answer:
        return 200, {"MaKetQua": "1", "MaBienNhan": f"MP{len(self.calls):08d}"}

    def _unknown(self) -> Answer:
        return 200, {"MaKetQua": "0", "ThongBao": f"{SIMULATED}: không có hồ sơ này"}

    def _code(self) -> str:
        self.last_code += 1
        return f"G22.99-MP-{self.last_code:07d}"

    def _keep(self) -> None:
        if self._file is not None:
            held = {"dossiers": self.dossiers, "last_code": self.last_code}
            part = self._file.with_suffix(".part")
            part.write_text(json.dumps(held, ensure_ascii=False), encoding="utf-8")
            part.replace(self._file)
