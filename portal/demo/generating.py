"""Plan and load a synthetic population; the same numbers and date always give the same people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Batch, Citizen, Register
from citizens.services.refresh_statistics import refresh_statistics
from portal.common import clock
from portal.common.errors import RefusedError
from portal.demo.automatic import decide_by_itself
from portal.demo.cases import open_cases
from portal.demo.dossiers import file_dossiers
from portal.demo.firms import found_firms
from portal.demo.happenings import Chronicle, mandates_over_minors
from portal.demo.journeys import settle_journeys
from portal.demo.officials import write_accounts
from portal.demo.papers import Desk
from portal.demo.people import settle
from portal.demo.plan import Population
from portal.demo.programmes import speak_programmes
from portal.demo.records import Archive
from portal.demo.rights import ask_about_data
from portal.demo.stages import move_birthdays
from portal.demo.tickets import fill_waiting_room
from portal.demo.traits import give_phones, give_pins, give_sensitive, let_die
from portal.demo.writing import Progress, Writer
from procedures.services.load_catalogue import load_catalogue

CITIZENS, SEED = 20_000, 1
FEWEST, MOST = 100, 1_000_000


@dataclass(frozen=True)
class Generated:
    """What a run did: the population's fingerprint, and whether it was there already."""

    citizens: int
    fingerprint: str
    was_there: bool


def generate(*, citizens: int, seed: int, on: date | None = None, progress: Progress) -> Generated:
    """Load a population of `citizens` people as of the civil date `on` (None: today).

    Where the same population stands already nothing is written; without `on` its date does not
    matter, so a trial of yesterday goes on. RefusedError in production, beside another population,
    for numbers outside the bounds, or when a table of units, agencies or holidays is malformed.
    """
    refuse_in_production()
    if not FEWEST <= citizens <= MOST:
        raise RefusedError(
            _("The number of citizens must be from %(least)d to %(most)d.")
            % {"least": FEWEST, "most": MOST}
        )
    standing = _standing(citizens, seed, on)
    if standing is not None:
        return standing
    day = on or clock.today()
    load_catalogue(day=day)
    population = plan(citizens=citizens, seed=seed, on=day)
    fingerprint = population.fingerprint()
    with transaction.atomic():
        source = f"{_source(citizens, seed)} on={population.on.isoformat()} {fingerprint}"
        writer = Writer(population, dict(_batches(population, source)))
        writer.write(progress)
        # The server has not counted these rows yet, and would plan for empty tables.
        refresh_statistics()
        progress("accounts", write_accounts(writer))
        progress("dossiers", file_dossiers(population.on))
        progress("decided automatically", decide_by_itself(population.on))
        progress("values in doubt", open_cases(population.on))
        progress("requests about data", ask_about_data(population.on))
        progress("queue numbers", fill_waiting_room(population.on))
        progress("audio programmes", speak_programmes(population.on))
    refresh_statistics()
    return Generated(citizens, fingerprint, was_there=False)


def plan(*, citizens: int, seed: int, on: date) -> Population:
    """Return the plan of a population: nothing is read but our tables, nothing is written."""
    random = Random(f"{citizens}/{seed}/{on.isoformat()}")  # noqa: S311  reproducible, no secret
    population = Population(on)
    settle_journeys(population, random)
    settle(population, random, citizens)
    move_birthdays(population, random)
    let_die(population, random)
    chronicle = Chronicle(population, random)
    chronicle.deaths()
    give_pins(population)
    give_phones(population, random)
    give_sensitive(population, random)
    mandates_over_minors(population)
    Desk(population, random).issue_all()
    found_firms(population, random)
    chronicle.happen()
    Archive(population, random).fill()
    return population


def refuse_in_production() -> None:
    """Raise RefusedError where real people's data may lie."""
    module = str(settings.SETTINGS_MODULE or "")
    if module.endswith(".production") or os.environ.get("PORTAL_MODE") == "production":
        raise RefusedError(
            _("The demo population is made-up people; it is never loaded in production.")
        )


def _source(citizens: int, seed: int) -> str:
    return f"demo citizens={citizens} seed={seed}"


def _standing(citizens: int, seed: int, on: date | None) -> Generated | None:
    """Return the same population when it stands; RefusedError when another one does."""
    batch = Batch.objects.filter(register="NPD", source__startswith="demo ").first()
    if batch is None:
        if Citizen.objects.exists():
            raise RefusedError(
                _("A demo population needs an empty database; there are citizens in this one.")
            )
        return None
    wanted = f"{_source(citizens, seed)} on={on.isoformat() if on else ''}"
    if not batch.source.startswith(wanted):
        raise RefusedError(
            _("Another demo population stands here (%(source)s). Start afresh with: make reset")
            % {"source": batch.source.rpartition(" ")[0]}
        )
    return Generated(citizens, batch.source.rpartition(" ")[2], was_there=True)


def _batches(population: Population, source: str) -> Iterator[tuple[str, Batch]]:
    """Yield one batch a register, so that each value names the delivery it came with."""
    as_of = population.on - timedelta(days=1)
    counts = {"NPD": len(population.people), "BUS": len(population.firms)}
    delivered = [paper.register for paper in population.papers]
    delivered += [record.register for record in population.records]
    for code in delivered:
        counts[code] = counts.get(code, 0) + 1
    for code in sorted(Register.objects.values_list("code", flat=True)):
        yield (
            code,
            Batch.objects.create(
                register_id=code,
                as_of=as_of,
                source=source,
                row_count=counts.get(code, 0),
                created_count=counts.get(code, 0),
            ),
        )
