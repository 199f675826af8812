"""`rehearse`: what a rule would do in a period; it writes nothing."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from citizens.models import Unit
from portal.common import clock
from procedures.enums import TriggerKind
from procedures.models import Rule, RuleVersion
from procedures.selectors import rules_in_force
from procedures.services.rehearse import Rehearsal, compare, rehearse, version_beside

_YEAR = timedelta(days=365)


class Command(BaseCommand):
    """Show whom a rule would tell, when, by which channel, and whom it would not reach."""

    help = "Rehearse a rule, also a draft, over a period; nothing is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the rule, the period, a draft's number, and a file for the weeks."""
        parser.add_argument("rule", metavar="RULE", help="the rule's key")
        parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--draft", type=int, metavar="N", help="version number, also a draft")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="weeks and units as CSV")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rehearse and print the figures; CommandError (exit 1) for an unknown rule or period."""
        first = options["first"] or clock.today()
        last = options["last"] or first + _YEAR
        if last < first:
            raise CommandError(f"The period ends ({last}) before it begins ({first}).")
        version = _version(options["rule"], options["draft"], first)
        found = self._rehearse(version, first, last)
        for line in _lines(version, found):
            self.stdout.write(line)
        beside = version_beside(version, first) if options["draft"] else None
        if beside is not None:
            other = self._rehearse(beside, first, last)
            both = compare(draft=found, other=other)
            self.stdout.write(
                f"beside v{beside.number}\tboth {both.both}, gained {both.gained}, lost {both.lost}"
            )
        if options["csv"]:
            _write(options["csv"], found)
            self.stdout.write(f"weeks and units\t{options['csv']}")

    def _rehearse(self, version: RuleVersion, first: date, last: date) -> Rehearsal:
        now = clock.now()
        if not sys.stderr.isatty():
            return rehearse(version=version, first=first, last=last, now=now)
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(f"{version}")

            def show(done: int, of: int) -> None:
                bar.update(task, completed=done, total=of)

            return rehearse(version=version, first=first, last=last, now=now, progress=show)


def _version(key: str, number: int | None, day: date) -> RuleVersion:
    rule = Rule.objects.filter(key=key).first()
    if rule is None:
        known = ", ".join(Rule.objects.values_list("key", flat=True)) or "none: run load_catalogue"
        raise CommandError(f"There is no rule {key!r}. Known are: {known}.")
    if number is not None:
        version = rule.versions.select_related("rule").filter(number=number).first()
    else:
        version = rules_in_force(day=day, kinds=(TriggerKind(rule.kind),)).filter(rule=rule).first()
    if version is None:
        raise CommandError(f"Rule {key!r} has no version {number or f'in force on {day}'}.")
    return version


def _lines(version: RuleVersion, found: Rehearsal) -> list[str]:
    """Return the figures, one a line, name and value parted by a tab."""
    answers = ", ".join(f"{answer} {count}" for answer, count in sorted(found.answers.items()))
    stages = ", ".join(f"{stage} days {n}" for stage, n in sorted(found.messages.items())[::-1])
    channels = ", ".join(f"{way} {count}" for way, count in sorted(found.channels.items()))
    missed = ", ".join(f"{why} {count}" for why, count in sorted(found.missed.items()))
    early = sorted(found.days_early.items())
    lines = [
        f"rehearsal of {version}\t{found.first} – {found.last}: nothing was written",
        f"facts by answer\t{answers or 'none'}",
        f"matters\t{found.matters}",
        f"nobody to tell\t{found.untold}; by reason: {missed or 'none'}",
        f"messages by stage\t{stages or 'none'}",
        f"messages by channel\t{channels or 'none'}",
        f"SMS parts\t{found.sms_parts} ({found.parts_a_message} a message), {found.cost_vnd:,} đ",
        f"first told\t{early[0][0]} to {early[-1][0]} days before" if early else "first told\t–",
    ]
    lines += [
        f"condition {path}\tfails for {wrong}, not known for {unknown}"
        for path, (wrong, unknown) in found.reasons.items()
    ]
    return lines


def _write(path: Path, found: Rehearsal) -> None:
    names = dict(Unit.objects.values_list("pk", "name_vi"))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("week", "unit", "matters", "messages"))
        for monday, unit in sorted(found.weeks.keys() | found.told.keys(), key=str):
            counts = (found.weeks[monday, unit], found.told[monday, unit])
            writer.writerow((monday.isoformat(), names.get(unit or 0, ""), *counts))
