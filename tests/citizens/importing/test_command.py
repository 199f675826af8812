"""What the command tells: the counts with a sentence for each kind of mistake, or what to do."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from citizens.models import Batch
from tests.citizens.importing.scene import LAN, TODAY, Row, minh, person, set_the_scene, write

pytestmark = pytest.mark.django_db


def run(folder: Path, *rows: Row) -> str:
    """Import rows by the command and return what it says."""
    set_the_scene()
    path = write(folder / "people.csv", rows)
    said = StringIO()
    call_command("import_register", "NPD.person", str(path), as_of=TODAY, stdout=said)
    return said.getvalue()


def test_each_kind_of_mistake_has_its_sentence(tmp_path: Path) -> None:
    said = run(tmp_path, person("123"), person(), minh(birth_date="31/02/1985"))

    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert "created 1" in lines
    assert "pin_form 1 is not 12 digits" in lines
    assert "date_impossible 1 is a day that does not exist" in lines


def test_an_unexpected_error_is_one_sentence_with_what_to_do(tmp_path: Path) -> None:
    def fail(execute: Any, statement: str, *rest: Any) -> Any:
        if "TEMPORARY TABLE staged" in statement:
            raise OperationalError(f"the server went away with {LAN}")
        return execute(statement, *rest)

    with connection.execute_wrapper(fail), pytest.raises(CommandError) as stopped:
        run(tmp_path, person())

    told = str(stopped.value)
    assert "\n" not in told
    assert "the import stopped (OperationalError)" in told
    assert "run the same command again" in told
    assert "--traceback" in told
    assert LAN not in told
    assert stopped.value.returncode == 1
    assert isinstance(stopped.value.__cause__, OperationalError)

    run(tmp_path, person())
    assert Batch.objects.get().created_count == 1
