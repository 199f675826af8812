"""Tell the people whose data an incident touched: each once, whoever presses how often."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, DateTimeField, IntegerField, QuerySet, Value
from django.db.models.fields.json import JSONField
from django.db.models.functions import Cast, Concat
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from citizens.enums import BreachAct
from citizens.models import Breach, Citizen, User
from citizens.services.handle_breach import note_breach
from notifications.enums import Priority
from notifications.rules.checking import wording_problems
from notifications.selectors.incidents import TOPIC, thread_of, to_be_told
from notifications.services.enqueue_select import enqueue_select
from portal.common import clock
from portal.common.errors import RefusedError

SHORTEST, LONGEST = 40, 600


@transaction.atomic
def tell_affected(
    *,
    breach: Breach,
    people: QuerySet[Citizen],
    explained: str,
    user: User,
    version: int,
    now: datetime,
) -> int:
    """Queue the news for those of `people` who were not told yet, and note it; return how many.

    `explained` is read in the inbox alone. RefusedError for who may not handle incidents, for words
    that say too little or hold a link, for an incident that is closed, and where nobody is left;
    StaleVersionError where somebody wrote meanwhile.
    """
    said = checked_words(explained)
    # Of two presses at once the second waits here, and finds the version changed.
    Breach.objects.select_for_update().get(pk=breach.pk)
    statement = enqueue_select(
        rows=_letters(breach, people, said), topic=TOPIC, priority=Priority.DOSSIER, due_at=now
    )
    count = statement.execute()
    if not count:
        raise RefusedError(_("Everybody whom the portal can tell has been told already."))
    words = ngettext(
        "%(count)d person was told through the portal: %(words)s",
        "%(count)d people were told through the portal: %(words)s",
        count,
    )
    note_breach(
        breach=breach,
        act=BreachAct.NOTED,
        user=user,
        version=version,
        words=words % {"count": count, "words": said},
        at=None,
        now=now,
    )
    return count


def checked_words(explained: str) -> str:
    """Return what people will read, on one line; RefusedError says what is wrong with it."""
    said = " ".join(explained.split())
    if not SHORTEST <= len(said) <= LONGEST:
        raise RefusedError(
            _(
                "Please write in %(least)d to %(most)d letters which data it is, what may follow,"
                " what was done and what people can do."
            )
            % {"least": SHORTEST, "most": LONGEST}
        )
    problems = wording_problems(said, allowed=(), is_sms=False)
    if problems:
        raise RefusedError(*(one.told(get_language() or "vi") for one in problems))
    if "((" in said:  # the check code, which any wording may hold, is not filled in here
        raise RefusedError(_("Please leave out the double brackets: nothing is filled in here."))
    return said


def _letters(
    breach: Breach, people: QuerySet[Citizen], said: str
) -> QuerySet[Citizen, tuple[object, ...]]:
    """Return recipient, about, dedupe key, thread, params and last instant, a row a person."""
    found_on = clock.civil_date(breach.found_at).isoformat()
    params: dict[str, Any] = {"code": breach.code, "found_on": found_on, "explained": said}
    thread = thread_of(breach)
    return (
        to_be_told(people=people, breach=breach)
        .order_by()
        .annotate(
            nobody=Cast(Value(None), IntegerField()),
            once=Concat(Value(f"{thread}:"), Cast("pk", CharField())),
            thread=Value(thread, CharField()),
            said=Value(params, JSONField()),
            ends_at=Cast(Value(None), DateTimeField()),
        )
        .values_list("pk", "nobody", "once", "thread", "said", "ends_at")
    )
