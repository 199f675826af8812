"""The counter without writing: what a card says, and the stopwatch of a visit."""

from __future__ import annotations

from dossiers.counter.card import number_on
from dossiers.counter.stopwatch import Lap, Median, laps_of, medians, minutes_told

__all__ = ["Lap", "Median", "laps_of", "medians", "minutes_told", "number_on"]
