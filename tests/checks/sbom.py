"""`make sbom`: the list of what the portal is built with, as CycloneDX 1.6, from the locks.

Names, versions and hashes are those of `requirements/*.txt`; licences are what each installed
package says of itself. A line of a lock that is for another Python or another system is left out.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent.parent
# What must be there for the portal to run comes first: who stands in two locks counts there.
SCOPES = {"base": "required", "embedded": "optional", "forecast": "optional", "dev": "excluded"}
_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")

# How packages write their licence where it is no SPDX expression.
SPDX = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "new bsd": "BSD-3-Clause",
    "python software foundation license": "PSF-2.0",
}
_IDENTIFIER = re.compile(
    r"(?:MIT|MIT-0|MIT-CMU|0BSD|Zlib|CC0-1\.0|CNRI-Python|PSF-2\.0"
    r"|Apache-2\.0|BSD-[23]-Clause|MPL-2\.0|GPL-3\.0-or-later)"
)
# Free, but the package does not say which edition: kept as it names itself.
_FREE_NAMES = {"BSD", "BSD License", "GNU Library or Lesser General Public License (LGPL)"}
_MIT_TEXT = "Permission is hereby granted, free of charge, to any person obtaining a copy"


@dataclass(frozen=True)
class Pin:
    """One line of a lock that holds on this machine."""

    name: str
    version: str
    group: str
    hashes: tuple[str, ...]


def pins_of(text: str, group: str, environment: Mapping[str, str] | None = None) -> Iterator[Pin]:
    """Yield what a lock pins, without the lines that are for another Python or system."""
    for block in re.split(r"\n(?=\S)", text):
        if not (found := _PIN.match(block)):
            continue
        marker = found["marker"]
        if marker and not Marker(marker.strip()).evaluate(dict(environment or {})):
            continue
        name = canonicalize_name(found["name"])
        yield Pin(name, found["version"], group, tuple(_HASH.findall(block)))


def locked(folder: Path = PROJECT / "requirements") -> list[Pin]:
    """Return every pin of the locks once, in the group where it weighs most."""
    pins: dict[str, Pin] = {}
    for group in SCOPES:
        for pin in pins_of((folder / f"{group}.txt").read_text(), group):
            pins.setdefault(pin.name, pin)
    return sorted(pins.values(), key=lambda pin: pin.name)


def licence_of(package: Distribution) -> list[dict[str, object]]:
    """Return a package's licence in CycloneDX's words: one expression, or names; [] if unknown."""
    if expression := _said(package, "License-Expression"):
        return [{"expression": expression[0]}]
    short = _said(package, "License")
    if short and (known := _spdx(short[0].strip())):
        return [known]
    classifiers = [line.split(" :: ") for line in _said(package, "Classifier")]
    names = [parts[-1] for parts in classifiers if parts[0] == "License"]
    if found := [known for name in names if (known := _spdx(name) or _named(name))]:
        return list(found)
    return [{"license": {"id": "MIT"}}] if _has_text_of_mit(package) else []


def is_free(licences: Sequence[Mapping[str, object]]) -> bool:
    """Tell whether a component's licences are there and all known as free."""
    return bool(licences) and all(_is_free(licence) for licence in licences)


def bill() -> dict[str, object]:
    """Return the whole list; the same locks and packages give the same list."""
    components = [_component(pin) for pin in locked()]
    content = json.dumps(components, sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, content)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "portal", "bom-ref": "portal"}},
        "components": components,
    }


def main(arguments: Sequence[str]) -> int:
    """Write the list; return 1 and name the packages if a licence is missing or not free."""
    target = Path(arguments[0])
    target.write_text(json.dumps(bill(), indent=2, ensure_ascii=False) + "\n")
    pins = locked()
    wrong = [pin.name for pin in pins if not is_free(licence_of(distribution(pin.name)))]
    sys.stdout.write(f"{target}: {len(pins)} components\n")
    for name in wrong:
        sys.stdout.write(f"No free licence is known of {name}.\n")
    return 1 if wrong else 0


def _component(pin: Pin) -> dict[str, object]:
    package_url = f"pkg:pypi/{pin.name}@{pin.version}"
    hashes = [{"alg": "SHA-256", "content": digest} for digest in pin.hashes]
    return {
        "type": "library",
        "bom-ref": package_url,
        "name": pin.name,
        "version": pin.version,
        "purl": package_url,
        "scope": SCOPES[pin.group],
        "licenses": licence_of(distribution(pin.name)),
        "externalReferences": [{"type": "distribution", "url": package_url, "hashes": hashes}],
        "properties": [{"name": "portal:lock", "value": f"requirements/{pin.group}.txt"}],
    }


def _said(package: Distribution, header: str) -> list[str]:
    return list(package.metadata.get_all(header) or [])


def _spdx(text: str) -> dict[str, object] | None:
    identifier = SPDX.get(text.lower(), text)
    return {"license": {"id": identifier}} if _IDENTIFIER.fullmatch(identifier) else None


def _named(text: str) -> dict[str, object] | None:
    return {"license": {"name": text}} if text in _FREE_NAMES else None


def _is_free(licence: Mapping[str, object]) -> bool:
    if expression := licence.get("expression"):
        return all(
            _IDENTIFIER.fullmatch(part) for part in re.split(r" (?:AND|OR) ", str(expression))
        )
    said = licence["license"]
    assert isinstance(said, dict)
    return bool(_IDENTIFIER.fullmatch(said.get("id", ""))) or said.get("name") in _FREE_NAMES


def _has_text_of_mit(package: Distribution) -> bool:
    files = [file for file in package.files or [] if file.name in ("LICENSE", "LICENSE.txt")]
    return any(_MIT_TEXT in " ".join(file.read_text().split()) for file in files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
