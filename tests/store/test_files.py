"""Patients' files on the disk: sealed, ours alone, and gone when they are dropped."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from bot.store.files import SealedFiles
from bot.store.keys import KeyRing, SealingError
from tests.house import KEY, KEYS, TUESDAY_NOON

PHOTO = b"\xff\xd8\xff what is seen" * 50
OTHER = "ef" * 32
LONG_AGO = TUESDAY_NOON - timedelta(days=400)
PLAIN = "b" * 32  # the name of a file from before there was sealing


@pytest.fixture
def files(tmp_path: Path) -> SealedFiles:
    return SealedFiles(tmp_path, KEYS)


def test_a_file_is_sealed_and_readable_by_us_alone(files: SealedFiles):
    name = files.keep(PHOTO)
    path = files.folder / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"what is seen" not in path.read_bytes()
    assert files.read(name) == PHOTO
    files.drop(name)
    files.drop(name)
    assert not path.exists()


def test_a_file_that_was_changed_or_whose_key_is_missing_does_not_open(files: SealedFiles):
    name = files.keep(PHOTO)
    with pytest.raises(SealingError, match="missing"):
        SealedFiles(files.folder, KeyRing.read(OTHER)).read(name)
    path = files.folder / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SealingError, match="changed"):
        files.read(name)


@pytest.mark.parametrize("name", ["", ".", "..", "../secret", "/etc/passwd", "sub/file", "link", "gone"])
def test_a_name_that_is_no_file_of_ours_leads_nowhere(files: SealedFiles, name: str):
    (files.folder / "link").symlink_to(files.folder / files.keep(PHOTO))
    with pytest.raises(OSError):  # noqa: PT011 - a directory or a file that is not there
        files.read(name)


def test_files_from_before_and_of_an_older_key_are_sealed_anew(files: SealedFiles):
    (files.folder / PLAIN).write_bytes(PHOTO)
    name = files.keep(PHOTO)
    assert files.reseal() == 1
    newer = SealedFiles(files.folder, KeyRing.read(f"{OTHER},{KEY}"))
    assert newer.reseal() == 2
    assert newer.reseal() == 0
    alone = SealedFiles(files.folder, KeyRing.read(OTHER))
    assert alone.read(PLAIN) == alone.read(name) == PHOTO
    assert sorted(path.name for path in files.folder.iterdir()) == sorted([PLAIN, name])


def test_a_damaged_file_stays_as_it_is_and_holds_up_no_other(files: SealedFiles, caplog: pytest.LogCaptureFixture):
    damaged, whole = files.keep(PHOTO), files.keep(PHOTO)
    path = files.folder / damaged
    path.write_bytes(path.read_bytes()[:-1])
    newer = SealedFiles(files.folder, KeyRing.read(f"{OTHER},{KEY}"))
    assert newer.reseal() == 1
    assert newer.read(whole) == PHOTO
    assert f"the file {damaged} is damaged" in caplog.text


def test_what_others_left_in_the_folder_is_neither_sealed_nor_removed(files: SealedFiles):
    (files.folder / ".DS_Store").write_bytes(b"a Mac was here")
    assert files.reseal() == 0
    assert files.written(LONG_AGO, TUESDAY_NOON + timedelta(days=36500)) == []


def test_files_are_known_by_their_age(files: SealedFiles):
    name = files.keep(PHOTO)
    os.utime(files.folder / name, (TUESDAY_NOON.timestamp(), TUESDAY_NOON.timestamp()))
    assert files.written(LONG_AGO, TUESDAY_NOON) == []
    assert files.written(LONG_AGO, TUESDAY_NOON + timedelta(seconds=1)) == [name]
    assert files.written(TUESDAY_NOON + timedelta(seconds=1), TUESDAY_NOON + timedelta(days=1)) == []


def test_what_was_left_half_written_is_not_sealed_anew_and_goes_with_its_age(files: SealedFiles, tmp_path: Path):
    half = tmp_path / f"{'a' * 32}.new"
    half.write_bytes(b"half of a")
    os.utime(half, (TUESDAY_NOON.timestamp(), TUESDAY_NOON.timestamp()))
    assert files.reseal() == 0
    assert files.written(LONG_AGO, TUESDAY_NOON + timedelta(seconds=1)) == [half.name]
