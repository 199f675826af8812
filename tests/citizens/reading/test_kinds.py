"""What is no register extract is refused by its content, whatever its name says (F28)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from citizens.registers.reading import UnreadableError, open_extract, sha256_of
from tests.citizens.reading.samples import cells_of, refusal_of, write

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "empty"),
        ("program.csv", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "executable"),
        ("program.csv.exe", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "executable"),
        ("elf.csv", b"\x7fELF\x02\x01\x01" + bytes(50), "executable"),
        ("script.csv", b"#!/bin/sh\necho a,b\n", "executable"),
        ("page.csv", b"<!DOCTYPE html><html><table>", "markup"),
        ("page.xls", b"\xef\xbb\xbf \n<html>", "markup"),
        ("picture.svg", b"<svg xmlns='x' onload='y'/>", "markup"),
        ("table.xml", b"<?xml version='1.0'?><Workbook/>", "markup"),
        ("paper.csv", b"%PDF-1.7\n", "wrong_kind"),
        ("text.csv", b"{\\rtf1 a,b}", "wrong_kind"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(30), "wrong_kind"),
        ("picture.xlsx", b"\xff\xd8\xff\xe0\x00\x10JFIF", "wrong_kind"),
        ("packed.csv", b"\x1f\x8b\x08\x00" + bytes(20), "wrong_kind"),
        ("packed.xlsx", b"PK\x05\x06" + bytes(18), "wrong_kind"),
        ("packed.csv", b"Rar!\x1a\x07\x00", "wrong_kind"),
        ("base.csv", b"SQLite format 3\x00" + bytes(80), "wrong_kind"),
        ("old.xls", OLE, "legacy_excel"),
        ("old.csv", OLE, "legacy_excel"),
        ("locked.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("zeros.csv", bytes(4096), "binary"),
        ("noise.csv", bytes(range(32)) * 100, "binary"),
        ("\u202evsc.exe", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "executable"),
        ("cut.xlsx", b"PK\x03\x04" + bytes(40), "damaged"),
    ],
)
def test_nasty_files_are_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = write(tmp_path / name, content)

    assert refusal_of(path) == (code,)


@pytest.mark.parametrize("name", ["register.exe", "a.csv.exe", "\u202evsc.exe", "no_extension"])
def test_a_wrong_name_harms_no_good_file(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, "MZ,b\n1,2\n")

    assert cells_of(path) == [("1", "2")]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.csv", "unopened"),
        ("a\x00b.csv", "unopened"),
        ("x" * 300, "unopened"),
        ("../nowhere/a.csv", "unopened"),
        (".", "not_a_file"),
    ],
)
def test_what_is_no_file_is_refused(tmp_path: Path, name: str, code: str) -> None:
    assert refusal_of(tmp_path / name) == (code,)


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")

    assert refusal_of(tmp_path / "pipe.csv") == ("not_a_file",)


def test_every_refusal_is_said_in_both_languages(tmp_path: Path) -> None:
    path = write(tmp_path / "old.xls", OLE)

    with pytest.raises(UnreadableError) as refused:
        open_extract(path)

    (reason,) = refused.value.reasons
    assert "hãy lưu lại" in reason.vi
    assert "save it as" in reason.en
    assert reason.vi in str(refused.value)


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b"abc")

    assert sha256_of(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
