"""What the services that write versions of texts have in common: rows, the lock, who was faster."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citizens.models import User
from notifications.enums import TextState
from notifications.models import Text, TextVersion, Topic
from notifications.rules.wordings import Misplaced, TopicRules, Wordings, set_problems
from notifications.selectors.text_versions import seen_of
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError


class WordingsRefusedError(RefusedError):
    """Wordings that may not be said; `problems` name each place."""

    def __init__(self, problems: list[Misplaced]) -> None:
        """Tell all of them in the language of the page."""
        language = get_language() or "vi"
        super().__init__(*(f"{one.place}: {one.problem.told(language)}" for one in problems))
        self.problems = problems


@transaction.atomic
def write_version(
    *,
    topic: Topic,
    wordings: Wordings,
    is_released: bool = False,
    by: User | None = None,
    base: TextVersion | None = None,
) -> TextVersion:
    """Store wordings as the next version; what the file proposes replaces what it proposed."""
    if by is None:
        waiting = TextVersion.objects.filter(topic=topic, state=TextState.DRAFT, written_by=None)
        waiting.update(state=TextState.DISCARDED)
    taken = [
        rows.filter(topic=topic).aggregate(newest=Max(number))["newest"] or 0
        for rows, number in ((TextVersion.objects, "number"), (Text.objects, "version"))
    ]
    version = TextVersion.objects.create(
        topic=topic, number=max(taken) + 1, base=base, written_by=by
    )
    put_wordings(version, wordings)
    if is_released:
        version.state, version.released_at = TextState.RELEASED, clock.now()
        version.save(update_fields=["state", "released_at"])
    return version


def put_wordings(version: TextVersion, wordings: Wordings) -> None:
    """Make these the wordings of a draft."""
    Text.objects.filter(topic=version.topic_id, version=version.number).delete()
    Text.objects.bulk_create(
        Text(
            topic_id=version.topic_id,
            version=version.number,
            channel=place.channel,
            language=place.language,
            is_neutral=place.is_neutral,
            subject=wording.subject,
            body=wording.body,
        )
        for place, wording in wordings.items()
    )


def lock_topic(topic: str) -> Topic:
    """Lock a topic, so that two who write its texts follow one another."""
    return Topic.objects.select_for_update(of=("self",)).get(pk=topic)


def locked_draft(version: TextVersion) -> TextVersion:
    """Lock the topic and read its draft anew; RefusedError when it is no draft any more."""
    lock_topic(version.topic_id)
    row = TextVersion.objects.select_related("topic", "written_by").get(pk=version.pk)
    if row.state == TextState.DISCARDED:
        raise RefusedError(_("This draft was discarded meanwhile."))
    if row.state != TextState.DRAFT:
        raise RefusedError(
            _("This version was released: it never changes again. Begin a new draft instead.")
        )
    return row


def check_seen(row: TextVersion, seen: str) -> None:
    """Raise StaleVersionError when the draft is no longer what its editor or releaser saw."""
    if seen != seen_of(row):
        raise StaleVersionError(_("This draft was changed meanwhile."))


def check_wordings(wordings: Wordings, rules: TopicRules) -> None:
    """Raise WordingsRefusedError with all that is wrong."""
    problems = set_problems(wordings, rules)
    if problems:
        raise WordingsRefusedError(problems)
