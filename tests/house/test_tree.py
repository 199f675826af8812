from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks import tree


def test_no_file_names_a_registry_or_a_machine() -> None:
    assert list(tree.forbidden_names(tree.tracked_files())) == []


@pytest.mark.parametrize(
    "line",
    [
        "https://files.python" + "hosted.org/packages/x",
        "https://py" + "pi.org/simple",
        "see /ro" + "ot/project",
        "see /ho" + "me/ann/project",
        "--extra-index" + "-url https://mirror.example",
    ],
)
def test_the_check_finds_what_is_planted(line: str) -> None:
    assert tree.FORBIDDEN.search(line)


@pytest.mark.parametrize("line", ["the root/folder", "network/", "a/root/b"])
def test_the_check_leaves_ordinary_words_alone(line: str) -> None:
    assert not tree.FORBIDDEN.search(line)


def test_a_long_file_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tree, "PROJECT", tmp_path)
    (tmp_path / "long.py").write_text("x = 1\n" * 401)
    (tmp_path / "short.py").write_text("x = 1\n" * 400)

    found = list(tree.long_files([tmp_path / "long.py", tmp_path / "short.py"]))

    assert found == ["long.py: 401 lines (at most 400)"]


def test_no_file_of_the_project_is_too_long() -> None:
    assert list(tree.long_files(tree.tracked_files())) == []
