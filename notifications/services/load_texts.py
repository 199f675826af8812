"""Load topics and their texts from the project's file; twice changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import get_language

from notifications.enums import Channel, Priority
from notifications.models import Text, Topic
from notifications.rules.checking import text_problems
from portal.common.errors import RefusedError

TEXTS_FILE = Path(__file__).resolve().parent.parent / "data" / "texts.yaml"
_NEUTRAL = "_neutral"
_OPTIONAL_KEYS = {"is_optional", "about_may_be_deceased", "has_quiet_hours"}
_TOPIC_KEYS = {"name_vi", "name_en", "params", "channels", "priority", "texts"} | _OPTIONAL_KEYS

# (channel, language, neutral) -> (subject, body): one released set of a topic's texts.
Wordings = dict[tuple[str, str, bool], tuple[str, str]]


@dataclass(frozen=True)
class TextsLoaded:
    """What a load changed."""

    topic_count: int
    new_version_count: int


def load_texts(*, path: Path = TEXTS_FILE) -> TextsLoaded:
    """Store the file's topics and texts; RefusedError with file, key and reason changes nothing.

    A wording that no version of its topic ever had becomes the next version; a set that is already
    there, also an older one, is left alone, so that what officials wrote later stays in force.
    """
    document = _read(path)
    problems = [
        f"{path.name}: {key}: {problem}"
        for key, entry in document.items()
        for problem in _problems(entry)
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


def _problems(entry: Mapping[str, Any]) -> list[str]:
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
    return problems + _wording_problems(wordings, entry)


def _wording_problems(wordings: Wordings, entry: Mapping[str, Any]) -> list[str]:
    told_in = get_language() or "vi"
    problems = [
        f"texts.{language}.{channel}.{field}: {problem.told(told_in)}"
        for (channel, language, _neutral), (subject, body) in wordings.items()
        for field, problem in text_problems(
            subject, body, allowed=entry["params"], is_sms=channel == Channel.SMS
        )
    ]
    spoken = {
        channel for channel, language, neutral in wordings if language == "vi" and not neutral
    }
    wanted = {Channel.INBOX, Channel.SMS} & set(entry["channels"])
    return problems + [f"texts.vi.{channel}: is missing" for channel in sorted(wanted - spoken)]


def _wordings(entry: Mapping[str, Any]) -> Wordings:
    """Return the texts of one topic, spaces folded so that YAML's line breaks do not matter."""
    found: Wordings = {}
    for language, texts in entry["texts"].items():
        for name, text in texts.items():
            channel = Channel(name.removesuffix(_NEUTRAL))
            subject, body = (
                (text["subject"], text["body"]) if isinstance(text, dict) else ("", text)
            )
            wording = (" ".join(subject.split()), " ".join(body.split()))
            found[channel, language, name.endswith(_NEUTRAL)] = wording
    return found


def _store(key: str, entry: Mapping[str, Any]) -> bool:
    """Store one topic; tell whether its texts became a new version."""
    # Which channels and whether a topic is optional belong to the operators once it is there.
    owned = {name: entry[name] for name in ("name_vi", "name_en", "params")}
    first = {
        "channels": entry["channels"],
        "priority": Priority[str(entry["priority"]).upper()],
        "is_optional": entry.get("is_optional", True),
        "has_quiet_hours": entry.get("has_quiet_hours", True),
        "about_may_be_deceased": entry.get("about_may_be_deceased", False),
    }
    topic, is_new = Topic.objects.get_or_create(key=key, defaults=owned | first)
    if not is_new and any(getattr(topic, name) != value for name, value in owned.items()):
        Topic.objects.filter(key=key).update(**owned)
    released = _released(topic)
    wordings = _wordings(entry)
    if wordings in released.values():
        return False
    Text.objects.bulk_create(
        Text(
            topic=topic,
            version=max(released, default=0) + 1,
            channel=channel,
            language=language,
            is_neutral=is_neutral,
            subject=subject,
            body=body,
        )
        for (channel, language, is_neutral), (subject, body) in wordings.items()
    )
    return True


def _released(topic: Topic) -> dict[int, Wordings]:
    released: dict[int, Wordings] = {}
    for text in Text.objects.filter(topic=topic):
        wordings = released.setdefault(text.version, {})
        wordings[text.channel, text.language, text.is_neutral] = (text.subject, text.body)
    return released
