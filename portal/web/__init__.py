"""The pages that citizens and the public see; composes the apps below, owns no rule."""

from __future__ import annotations
