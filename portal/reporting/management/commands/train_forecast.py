"""`train_forecast`: count, learn from our own history, and keep what is expected."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from portal.common import clock
from portal.reporting.forecast.model import Document, Figures, SeriesModel
from portal.reporting.models import ForecastModel
from portal.reporting.services.count_weeks import count_weeks
from portal.reporting.services.keep_snapshots import keep_snapshots
from portal.reporting.services.switch_forecast import switch_forecast
from portal.reporting.services.train_forecast import train_forecast

_NO_LIBRARY = (
    "scikit-learn is not installed here; it is only needed to train:\n"
    "  pip install --require-hashes -r requirements/forecast.txt"
)


class Command(BaseCommand):
    """Train the forecast; each run keeps a model of its own, and the newest is used."""

    help = "Count past and coming weeks, learn the forecast from them, keep what is expected."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the switch."""
        switch = parser.add_mutually_exclusive_group()
        switch.add_argument(
            "--off", action="store_true", help="do not train; pages show known dates only"
        )
        switch.add_argument("--on", action="store_true", help="do not train; use the model again")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Train and print the figures of each series.

        CommandError (exit 1) where the library is missing or no series had enough history; then
        the baselines go on being used.
        """
        if options["off"] or options["on"]:
            self._switch(is_on=options["on"])
            return
        day = clock.today()
        count_weeks(day=day)
        try:
            row = self._train()
        except ImportError as error:
            raise CommandError(_NO_LIBRARY) from error
        keep_snapshots(day=day)
        document = Document.from_json(row.document)
        self._print(document)
        if not document.series:
            raise CommandError(
                "No series has three years of history yet. The baselines are used until then."
            )

    def _switch(self, *, is_on: bool) -> None:
        changed = switch_forecast(is_on=is_on, actor=None)
        if is_on and changed:
            keep_snapshots(day=clock.today())
        state = "on" if is_on else "off"
        self.stdout.write(f"The model is {state}." if changed else "Nothing has changed.")

    def _train(self) -> ForecastModel:
        if not sys.stderr.isatty():
            return train_forecast(day=clock.today(), progress=self._say)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("train")

            def show(name: str, done: int, total: int) -> None:
                bar.update(task, description=name, completed=done, total=total)

            return train_forecast(day=clock.today(), progress=show)

    def _say(self, name: str, done: int, total: int) -> None:
        self.stdout.write(f"  {done + 1}/{total} {name}")

    def _print(self, document: Document) -> None:
        self.stdout.write("series\tverdict\trmse\tbaseline rmse\tcoverage\tall units: coverage")
        for name, model in document.series.items():
            self.stdout.write("\t".join([name, *_cells(model)]))
        for name, reason in document.refused.items():
            self.stdout.write(f"{name}\tnot trained: {reason}")


def _cells(model: SeriesModel) -> list[str]:
    best: Figures = model.baselines[model.best_baseline]
    verdict = "used" if model.is_better else f"no better than {model.best_baseline}: not used"
    shares = [model.figures.coverage, model.figures.city_coverage]
    covered = [f"{share or 0:.0%}" for share in shares]
    return [verdict, f"{model.figures.rmse:.3f}", f"{best.rmse:.3f}", *covered]
