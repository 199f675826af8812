"""What the portal is built with is listed whole, each part with a free licence."""

from __future__ import annotations

import json
import re
from email.message import Message
from importlib.metadata import Distribution, version
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.checks import sbom

LOCKS = Path(__file__).resolve().parents[2] / "requirements"


class Package(Distribution):
    """A package that says of its licence what a test wants."""

    def __init__(self, **headers: str) -> None:
        self.said = Message()
        for name, value in headers.items():
            self.said[name.replace("_", "-")] = value

    def read_text(self, filename: str) -> str | None:
        return self.said.as_string() if filename == "METADATA" else None

    def locate_file(self, path: object) -> Path:
        raise AssertionError("The list reads what a package says of itself, none of its files.")


def test_the_list_holds_every_dependency_that_is_locked(tmp_path: Path) -> None:
    target = tmp_path / "sbom.json"

    assert sbom.main([str(target)]) == 0

    found = json.loads(target.read_text())
    listed = {part["name"]: part for part in found["components"]}
    lines = [line for lock in LOCKS.glob("*.txt") for line in lock.read_text().splitlines()]
    here = {
        canonicalize_name(line.split("==")[0]): line.split("==")[1].split()[0]
        for line in lines
        if "==" in line and ";" not in line
    }
    assert len(here) > 100
    assert {name: listed[name]["version"] for name in here} == here
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert len({part["bom-ref"] for part in found["components"]}) == len(found["components"])


def test_each_part_is_what_is_installed_with_its_hashes_and_a_free_licence() -> None:
    parts = sbom.bill()["components"]

    assert isinstance(parts, list)
    for part in parts:
        assert part["version"] == version(part["name"]), part["name"]
        hashes = part["externalReferences"][0]["hashes"]
        assert hashes, part["name"]
        assert all(re.fullmatch(r"[0-9a-f]{64}", each["content"]) for each in hashes)
        assert sbom.is_free(part["licenses"]), part["name"]


def test_what_only_tests_need_is_marked_and_what_runs_is_required() -> None:
    scopes = {pin.name: sbom.SCOPES[pin.group] for pin in sbom.locked()}

    assert scopes["pytest"] == "excluded"
    assert scopes["django"] == "required"  # stands in the lock of tests, too
    assert scopes["scikit-learn"] == "optional"


def test_the_same_locks_give_the_same_list() -> None:
    assert sbom.bill() == sbom.bill()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"License": "UNKNOWN"},
        {"License": "Proprietary"},
        {"Classifier": "License :: Other/Proprietary License"},
        {"License_Expression": "MIT AND LicenseRef-Secret"},
        {"License_Expression": "BUSL-1.1"},
    ],
)
def test_a_licence_that_is_missing_or_not_free_is_found(headers: dict[str, str]) -> None:
    assert not sbom.is_free(sbom.licence_of(Package(**headers)))


def test_a_line_for_another_system_is_left_out() -> None:
    lock = "one==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:" + "a" * 64 + "\ntwo==2.0\n"

    on_linux = [pin.name for pin in sbom.pins_of(lock, "base", {"sys_platform": "linux"})]
    on_windows = [pin.name for pin in sbom.pins_of(lock, "base", {"sys_platform": "win32"})]

    assert (on_linux, on_windows) == (["two"], ["one", "two"])
