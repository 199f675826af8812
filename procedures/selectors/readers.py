"""Who opens a page, with those whose data the page is about."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, Q

from citizens.models import Citizen, Party
from citizens.selectors.circle import Circle
from citizens.selectors.people import LIVING
from procedures.selectors.ties import heads_of


def reader_of(*, person: int, circle: Circle, day: date) -> Citizen | None:
    """Return a living person with whom they act for on `day` and the household they answer for.

    These stand in `represented` and `homes`. None once the person died or was merged away. One
    query: a page asks again and again for whom its reader may act.
    """
    heads = heads_of("pk", day)[0]
    is_home = Exists(heads.rows.filter(**{heads.person: person}))
    own = Q(LIVING | Q(pk=person), pk__in=circle.parties)
    rows = Party.objects.filter(pk__in=circle.family).annotate(is_home=is_home)
    named = rows.select_related("citizen__unit", "citizen__user", "organisation", "household")
    found = list(named.filter(own | Q(is_home=True)).order_by("kind", "pk"))
    self = next((one for one in found if one.pk == person), None)
    citizen: Citizen | None = getattr(self, "citizen", None)
    if citizen is None or citizen.died_on is not None or citizen.survivor_id is not None:
        return None
    acted_for = (one for one in found if one.pk in circle.parties and one.pk != person)
    citizen.represented = tuple(acted_for)
    citizen.homes = tuple(one for one in found if one.is_home)
    return citizen
