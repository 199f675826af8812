"""Load topics and their texts from the project's file; twice changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import get_language

from notifications.enums import Channel, Priority, TextState
from notifications.models import TextVersion, Topic
from notifications.rules.wordings import (
    Place,
    TopicRules,
    Wording,
    Wordings,
    folded,
    set_problems,
)
from notifications.selectors.text_versions import wordings_by_version
from notifications.services.text_versions import write_version
from portal.common.errors import RefusedError

TEXTS_FILE = Path(__file__).resolve().parent.parent / "data" / "texts.yaml"
_NEUTRAL = "_neutral"
_OPTIONAL_KEYS = {
    "is_optional",
    "is_quiet",
    "about_may_be_deceased",
    "has_quiet_hours",
    "next_channel_after_days",
}
_TOPIC_KEYS = {"name_vi", "name_en", "params", "channels", "priority", "texts"} | _OPTIONAL_KEYS


@dataclass(frozen=True)
class TextsLoaded:
    """What a load changed."""

    topic_count: int
    new_version_count: int


def load_texts(*, path: Path = TEXTS_FILE) -> TextsLoaded:
    """Store the file's topics and texts; RefusedError with file, key and reason changes nothing.

    A set of wordings that no version of its topic ever had becomes the next version: in force at
    once while the file alone has spoken, else a draft that an official releases. A set that is
    already there, also an older one, is left alone: what officials wrote stays in force.
    """
    document = _read(path)
    problems = [
        f"{path.name}: {key}: {problem}"
        for key, entry in document.items()
        for problem in _problems(key, entry)
    ]
    if problems:
        raise RefusedError(*problems)
    with transaction.atomic():
        versions = [_store(key, entry) for key, entry in document.items()]
    return TextsLoaded(topic_count=len(document), new_version_count=sum(versions))


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        topics: dict[str, dict[str, Any]] = document["topics"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise RefusedError(f"{path.name}: cannot be read as texts: {error}") from error
    if not isinstance(topics, dict) or not all(
        isinstance(entry, dict) for entry in topics.values()
    ):
        raise RefusedError(f"{path.name}: topics: must be a mapping of topics")
    return topics


def _problems(key: str, entry: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with one topic of the file."""
    missing = [key for key in sorted(_TOPIC_KEYS - _OPTIONAL_KEYS) if key not in entry]
    unknown = sorted(set(entry) - _TOPIC_KEYS)
    problems = [f"{key}: is missing" for key in missing]
    problems += [f"{key}: is not known" for key in unknown]
    if problems:
        return problems
    problems += [
        f"channels: unknown channel {c}" for c in entry["channels"] if c not in set(Channel)
    ]
    if str(entry["priority"]).upper() not in Priority.__members__:
        problems.append(f"priority: unknown priority {entry['priority']}")
    try:
        wordings = _wordings(entry)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return [*problems, f"texts: not in the expected form ({error})"]
    return problems + _wording_problems(key, wordings, entry)


def _wording_problems(key: str, wordings: Wordings, entry: Mapping[str, Any]) -> list[str]:
    told_in = get_language() or "vi"
    topic = TopicRules(
        key, entry["params"], entry["channels"], is_quiet=entry.get("is_quiet", False)
    )
    return [
        f"texts.{found.place}.{found.field}: {found.problem.told(told_in)}"
        for found in set_problems(wordings, topic)
    ]


def _wordings(entry: Mapping[str, Any]) -> Wordings:
    """Return the texts of one topic, spaces folded so that YAML's line breaks do not matter."""
    found: dict[Place, Wording] = {}
    for language, texts in entry["texts"].items():
        for name, text in texts.items():
            channel = Channel(name.removesuffix(_NEUTRAL))
            subject, body = (
                (text["subject"], text["body"]) if isinstance(text, dict) else ("", text)
            )
            place = Place(channel, language, name.endswith(_NEUTRAL))
            found[place] = Wording(folded(subject), folded(body))
    return found


def _store(key: str, entry: Mapping[str, Any]) -> bool:
    """Store one topic; tell whether its texts became a new version."""
    # Which channels and whether a topic is optional belong to the operators once it is there.
    owned = {name: entry[name] for name in ("name_vi", "name_en", "params")}
    owned["is_quiet"] = entry.get("is_quiet", False)
    first = {
        "channels": entry["channels"],
        "priority": Priority[str(entry["priority"]).upper()],
        "is_optional": entry.get("is_optional", True),
        "has_quiet_hours": entry.get("has_quiet_hours", True),
        "about_may_be_deceased": entry.get("about_may_be_deceased", False),
        "next_channel_after_days": entry.get("next_channel_after_days"),
    }
    topic, is_new = Topic.objects.get_or_create(key=key, defaults=owned | first)
    if not is_new and any(getattr(topic, name) != value for name, value in owned.items()):
        Topic.objects.filter(key=key).update(**owned)
    wordings = _wordings(entry)
    if wordings in wordings_by_version(topic).values():
        return False
    write_version(topic=topic, wordings=wordings, is_released=not _is_edited(topic))
    return True


def _is_edited(topic: Topic) -> bool:
    """Tell whether officials write this topic's texts: then the file only proposes."""
    written = TextVersion.objects.filter(topic=topic, written_by__isnull=False)
    return written.exclude(state=TextState.DISCARDED).exists()
