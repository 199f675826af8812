"""Engine room of automatic decisions: their grounds, what their risk is weighed by, the looks."""

from __future__ import annotations
