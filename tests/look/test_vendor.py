"""What was vendored is what the list says: no more, no less, byte for byte."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "portal/static/vendor"


def test_list_and_files_agree() -> None:
    listed = {entry["path"]: entry for entry in json.loads((VENDOR / "VENDOR.json").read_text())}

    found = {
        path.relative_to(VENDOR).as_posix(): path.read_bytes()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.json"
    }

    assert set(found) == set(listed)
    for path, content in found.items():
        assert hashlib.sha256(content).hexdigest() == listed[path]["sha256"], path
        assert len(content) == listed[path]["bytes"], path
