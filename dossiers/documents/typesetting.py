"""Papers as PDF/A-2b: typst sets them from facts that arrive as JSON, never as its own language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

_HERE = Path(__file__).resolve().parent
TEMPLATES = _HERE / "typst"
FONTS = _HERE / "fonts"


@dataclass(frozen=True)
class Place:
    """A box on a page, in points from the lower left corner as PDF counts them; pages from 0."""

    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Typeset:
    """A paper before it is sealed, and where its stamp goes; None where it has none."""

    pdf: bytes
    stamp: Place | None


class TypesettingError(Exception):
    """A paper that could not be set; the text names what typst did not understand."""


def typeset(template: str, facts: Mapping[str, Any], *, at: datetime) -> Typeset:
    """Return the paper `template` filled with `facts`, dated `at` (an aware instant).

    Facts are JSON values; a text among them is shown as it is, whatever it contains.
    TypesettingError when a fact that the template needs is missing or no JSON.
    """
    source = TEMPLATES / f"{template}.typ"
    try:
        inputs = {"facts": json.dumps(facts, ensure_ascii=False)}
        compiler = typst.Compiler(
            str(source),
            root=str(TEMPLATES),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )
        pdf = compiler.compile(
            format="pdf", pdf_standards="a-2b", timestamp=at.astimezone(UTC).replace(microsecond=0)
        )
        stamps = json.loads(compiler.query("<stamp>", field="value"))
    except (TypeError, ValueError, RuntimeError) as error:  # typst's own errors are RuntimeErrors
        raise TypesettingError(f"{template}: {error}") from error
    if not isinstance(pdf, bytes):
        raise TypesettingError(f"{template}: typst gave no PDF")
    return Typeset(pdf, Place(**stamps[0]) if stamps else None)
