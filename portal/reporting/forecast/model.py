"""What was learnt, as plain numbers: coefficients, variance, and the figures of a held-out year.

The document is JSON; nothing in it is ever executed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from math import exp
from typing import Any, Self

from portal.reporting.enums import Basis
from portal.reporting.forecast.features import NAMES
from portal.reporting.forecast.intervals import Spread

FORMAT = 1
# exp() of a larger sum would be a number of people that no city has.
_LARGEST = 15.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Errors on the held-out year: root mean square and mean absolute error of a unit's week.

    `city_mae` is the mean absolute error of the sum over all units; `coverage` the share of units'
    weeks inside the 80 % interval, `city_coverage` that of sums; None for baselines.
    """

    rmse: float
    mae: float
    city_mae: float
    coverage: float | None = None
    city_coverage: float | None = None


@dataclass(frozen=True, slots=True)
class SeriesModel:
    """The model of one series and its figures; `held_out_from` is the first Monday not learnt from.

    `profile` and `earliest` say when people act on a due date (see `features.exposure`), `share`
    how many of them did; they are empty, 0 and 0 for series without due dates.
    """

    coefficients: tuple[float, ...]
    intercept: float
    mean: float
    spread: Spread
    held_out_from: date
    weeks: int
    figures: Figures
    baselines: Mapping[Basis, Figures]
    profile: tuple[float, ...] = ()
    earliest: int = 0
    share: float = 0.0

    def expect(self, row: list[float]) -> float:
        """Return the mean that the model expects for a row of features."""
        total = self.intercept + sum(
            weight * value for weight, value in zip(self.coefficients, row, strict=True)
        )
        return exp(min(total, _LARGEST))

    @property
    def best_baseline(self) -> Basis:
        """The baseline with the smaller error on the held-out year."""
        return min(self.baselines, key=lambda basis: self.baselines[basis].rmse)

    @property
    def is_better(self) -> bool:
        """Whether the model beat both baselines on the held-out year."""
        return self.figures.rmse < self.baselines[self.best_baseline].rmse

    def to_json(self) -> dict[str, Any]:
        """Return the document that `from_json` reads back."""
        document = asdict(self)
        document["held_out_from"] = self.held_out_from.isoformat()
        document["coefficients"] = dict(zip(NAMES, self.coefficients, strict=True))
        document["baselines"] = {str(key): asdict(one) for key, one in self.baselines.items()}
        document["profile"] = list(self.profile)
        return document

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Read a series; KeyError, TypeError or ValueError where the document is not one."""
        if set(raw["coefficients"]) != set(NAMES):
            raise ValueError("The document was made for other features.")
        return cls(
            coefficients=tuple(float(raw["coefficients"][name]) for name in NAMES),
            intercept=float(raw["intercept"]),
            mean=float(raw["mean"]),
            spread=Spread(**raw["spread"]),
            held_out_from=date.fromisoformat(raw["held_out_from"]),
            weeks=int(raw["weeks"]),
            figures=Figures(**raw["figures"]),
            baselines={Basis(key): Figures(**one) for key, one in raw["baselines"].items()},
            profile=tuple(map(float, raw["profile"])),
            earliest=int(raw["earliest"]),
            share=float(raw["share"]),
        )


@dataclass(frozen=True, slots=True)
class Document:
    """All series that were learnt, by ``kind:key``, and why others were not."""

    series: Mapping[str, SeriesModel]
    refused: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return the document to be stored."""
        series = {name: model.to_json() for name, model in self.series.items()}
        return {"format": FORMAT, "series": series, "refused": dict(self.refused)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """Read a stored document; ValueError for one of another format or other features."""
        if raw.get("format") != FORMAT:
            raise ValueError("The document has another format.")
        series = {name: SeriesModel.from_json(one) for name, one in raw["series"].items()}
        return cls(series, dict(raw["refused"]))
