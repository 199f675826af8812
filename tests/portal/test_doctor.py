from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "mark", "seen"), [("demo:", "ok", "inbox and SMS"), ("", "warn", "inbox only")]
)
def test_one_line_says_which_channels_there_are(
    settings: Settings, url: str, mark: str, seen: str
) -> None:
    settings.SMS_URL = url
    said = StringIO()

    with pytest.raises(CommandError, match="need a hand"):  # no scan has run in a test
        call_command("doctor", stdout=said, no_color=True)

    line = next(line for line in said.getvalue().splitlines() if " channels " in line)
    assert line.startswith(mark)
    assert seen in line
