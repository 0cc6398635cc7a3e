"""Ways to spoil a file: random bytes, sizes, encodings, and changes to what it is."""

from __future__ import annotations

import io
import random
import zipfile

ODD = [
    *(b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\r\n", b"\n\n", b"\t", b";", b","),
    *(b'"', b"'", b"=1+1", b"@", b"#N/A", b"NaN", b"inf", b"-0", b"-1", b"1e309", b"1e-320"),
    *(b"16.000", b"9" * 400, b"9" * 5000, b"0x10", b"1_000", b"1,000", b"1:59:59", b"2021-02-30"),
    *(b"99991231", "\u200b".encode(), "\u00a0".encode(), "\u202e".encode(), b"\xed\xa0\x80"),
    *(b"{", b"}", b"[", b"]", b"[" * 2000, b"{" * 2000, b"- " * 2000, b"<<: ", b"&a ", b"*a"),
    *(b"!!int ", b"null", b"true", b"~", b"{}", b"[]", b'""', b"type", b"A00001", b"U", b"0"),
    *(b"x" * 70_000, b"PK\x03\x04", b"%PDF", b"SQLite format 3\0", b"\xd0\xcf\x11\xe0", b"<html>"),
    *(b"../../etc", b"/dev/zero", b"\x01"),
]
CODECS = ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "utf-32", "utf-7", "cp037")
LARGEST = 300_000


def mutated(start: bytes, chance: random.Random) -> bytes:
    """A file spoiled in one way or in several."""
    if chance.random() < 0.03:
        return chance.randbytes(chance.choice((0, 1, 7, 100, 5_000)))
    if start.startswith(b"PK\x03\x04") and chance.random() < 0.7:
        return _in_package(start, chance)
    data = start
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        data = chance.choice(CHANGES)(data, chance)[:LARGEST]
    return data


def _in_package(start: bytes, chance: random.Random) -> bytes:
    """Spoil what is in a zip file, and pack it again; its names and times too."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(start)) as old, zipfile.ZipFile(file, "w", 8) as new:
        spoiled = chance.choice(old.namelist())
        for name in old.namelist():
            data = old.read(name)
            if name == spoiled:
                name = name if chance.random() < 0.9 else name[: chance.randrange(len(name))] + "x"  # noqa: PLW2901
                data = mutated(data, chance)
            new.writestr(name, data)
    return file.getvalue()


def _span(data: bytes, chance: random.Random) -> tuple[int, int]:
    at = chance.randrange(len(data) + 1)
    return at, min(len(data), at + chance.choice((0, 1, 1, 2, 8, 60, 700)))


def _replace(data: bytes, chance: random.Random) -> bytes:
    at, end = _span(data, chance)
    return data[:at] + chance.randbytes(end - at) + data[end:]


def _remove(data: bytes, chance: random.Random) -> bytes:
    at, end = _span(data, chance)
    return data[:at] + data[end:]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    at, end = _span(data, chance)
    return data[:end] + data[at:end] * chance.choice((1, 1, 2, 50, 3_000)) + data[end:]


def _insert(data: bytes, chance: random.Random) -> bytes:
    at, _ = _span(data, chance)
    return data[:at] + chance.choice(ODD) + data[at:]


def _overwrite(data: bytes, chance: random.Random) -> bytes:
    at, odd = _span(data, chance)[0], chance.choice(ODD)
    return data[:at] + odd + data[at + len(odd) :]


def _cell(data: bytes, chance: random.Random) -> bytes:
    """Put something odd in the place of a cell or a value."""
    marks = [at for at, byte in enumerate(data[:20_000]) if byte in b',;:\n\t[]{} "']
    if len(marks) < 2:
        return _insert(data, chance)
    number = chance.randrange(len(marks) - 1)
    return data[: marks[number] + 1] + chance.choice(ODD) + data[marks[number + 1] :]


def _lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines[: chance.randrange(len(lines) + 1)])


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _grow(data: bytes, chance: random.Random) -> bytes:
    return data * chance.choice((2, 10, 200))


def _encode(data: bytes, chance: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(chance.choice(CODECS), "replace")


def _separate(data: bytes, chance: random.Random) -> bytes:
    return data.replace(b",", chance.choice((b";", b"\t", b"|", b",,", b" , ")))


CHANGES = (
    *(_replace, _remove, _repeat, _insert, _overwrite, _cell, _cell, _cell, _lines, _cut, _grow),
    *(_encode, _separate),
)
