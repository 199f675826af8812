"""A name that a template of ours uses and nobody gave fails the test that shows it.

pytest-django has such a check. It asks the whole stack with its sources at each name, and fails for
the templates of other packages too, which leave names out as a matter of course.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

import pytest

_OURS = str(Path(__file__).parents[1] / "templates")


class NamesNothing:
    """Django's `string_if_invalid`: pytest-django's marker `ignore_template_errors` sets `fail`."""

    def __init__(self) -> None:
        self.fail = True

    def __contains__(self, key: str) -> bool:
        """Say that the name is to be filled in, so that Django hands it over."""
        return key == "%s"

    def __mod__(self, name: object) -> str:
        """Fail where the template is ours."""
        if self.fail and (template := _template(sys._getframe(1))).startswith(_OURS):
            pytest.fail(f"{template} names {str(name)!r}, which nobody gave")
        return ""


def _template(frame: FrameType | None) -> str:
    """Return the file of the node that is being rendered, "" where there is none."""
    while frame is not None:
        if frame.f_code.co_name == "render":
            origin = getattr(frame.f_locals.get("self"), "origin", None)
            if origin is not None:
                return str(origin.name)
        frame = frame.f_back
    return ""
