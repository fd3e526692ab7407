"""A table beside the captures that tells what only the user knows: file, url, title, account, published_at."""

from __future__ import annotations

import io
import json
import logging
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.sources import names, tables
from crawler.sources.limits import MEBI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

logger = logging.getLogger(__name__)

_MAX_BYTES = 512 * MEBI
_MAX_ROW = MEBI
_COLUMNS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("sidecar.toml").read_text("utf-8"))


def _folded(header: str) -> str:
    return re.sub(r"[\s_\-]+", "", unicodedata.normalize("NFKC", header)).casefold()


_FIELD_OF = {_folded(name): field for field, known in _COLUMNS.items() for name in known}


@dataclass(frozen=True, slots=True, kw_only=True)
class SidecarRow:
    """What the table says about one file; each value as written there."""

    file: str
    url: str | None = None
    title: str | None = None
    account: str | None = None
    published: str | None = None


class Sidecar:
    """Rows of a sidecar, found by a file's relative path, its name, or its name without suffix.

    Where the table has no column for files, a row's title is taken for the file's name without suffix.
    """

    def __init__(self, rows: Iterable[SidecarRow]) -> None:
        self._by_name: dict[str, list[SidecarRow]] = {}
        self._by_stem: dict[str, list[SidecarRow]] = {}
        self._told: set[str] = set()
        self.asked = self.fitting = 0  # files looked at, and those among them that a row is about
        for row in rows:
            name = _normal(row.file).rpartition("/")[2]
            self._by_name.setdefault(name, []).append(row)
            self._by_stem.setdefault(_stem_key(name), []).append(row)

    def row_of(self, path: str) -> SidecarRow | None:
        """The row about the file at `path` (relative, `/` between its parts), or None.

        Rows that name it by more parts of its path go first. Where several differ, none is taken and the log says so.
        """
        self.asked += 1
        plain = _normal(path)
        name = plain.rpartition("/")[2]
        rows = _fitting(self._by_name.get(name, ()), plain)
        if not rows:
            rows = _fitting(self._by_stem.get(_stem_key(name), ()), plain)
        if len({(row.url, row.title, row.account, row.published) for row in rows}) > 1:
            if plain not in self._told:
                self._told.add(plain)
                logger.warning("sidecar: %d different rows are about %s; none of them is used", len(rows), path)
            return None
        self.fitting += bool(rows)
        return rows[0] if rows else None


def read_sidecar(path: Path) -> Sidecar:
    """Reads a .csv, .tsv, .json (an array of objects, or an object of them by file) or .jsonl table.

    Raises ValueError, saying what to do, where it cannot be read or has no column that names files.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError(f"the sidecar {path} is larger than {_MAX_BYTES} bytes; split it")
        data = path.read_bytes()
    except OSError as error:
        raise ValueError(f"the sidecar {path} cannot be read: {error.strerror or error}") from error
    try:
        rows = list(_json_rows(data) if _is_json(data) else _table_rows(data))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the sidecar {path} cannot be read: {error}") from error
    if not rows:
        raise ValueError(f"the sidecar {path} has no rows")
    fields = {field for row in rows for field in row}
    if not fields & {"file", "title"}:
        known = ", ".join(_COLUMNS["file"])
        raise ValueError(f"the sidecar {path} has no column that names the file; it may be called one of: {known}")
    key = "file" if "file" in fields else "title"
    return Sidecar(
        SidecarRow(
            file=row[key] if key == "file" else row[key].replace("/", "_"),
            url=row.get("url"),
            title=row.get("title"),
            account=row.get("account"),
            published=row.get("published_at"),
        )
        for row in rows
        if key in row
    )


def _is_json(data: bytes) -> bool:
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def _table_rows(data: bytes) -> Iterator[dict[str, str]]:
    for row in tables.rows(io.BufferedReader(io.BytesIO(data)), _MAX_ROW):
        yield _known_fields(row)


def _json_rows(data: bytes) -> Iterator[dict[str, str]]:
    text = data.decode(tables.encoding_of(data))
    try:
        value = json.loads(text)
    except ValueError:
        value = [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(value, dict) and value and all(isinstance(row, dict) for row in value.values()):
        value = [{"file": file, **row} for file, row in value.items()]
    for row in value if isinstance(value, list) else [value]:
        if not isinstance(row, dict):
            raise ValueError("it is no array of objects")  # noqa: TRY004 - callers are told of one kind of fault
        yield _known_fields(row)


def _known_fields(row: Mapping[str, object]) -> dict[str, str]:
    """Field -> value, for the columns that are known and not empty; the first column of a field wins."""
    known: dict[str, str] = {}
    for header, cell in row.items():
        field = _FIELD_OF.get(_folded(header))
        value = str(cell).strip() if isinstance(cell, (str, int, float)) else ""
        if field and value:
            known.setdefault(field, value)
    return known


def _normal(path: str) -> str:
    """A path in one way: NFC (macOS stores another form), `/` between its parts, no `./` in front."""
    return unicodedata.normalize("NFC", path.strip()).replace("\\", "/").removeprefix("./").strip("/")


def _stem_key(name: str) -> str:
    return names.stem(name).strip().casefold()


def _fitting(rows: Iterable[SidecarRow], path: str) -> list[SidecarRow]:
    """Those rows whose folders are not others than the file's, and of them those that name the most."""
    folders = path.split("/")[:-1]
    best: list[SidecarRow] = []
    most = -1
    for row in rows:
        given = _normal(row.file).split("/")[:-1]
        shared = min(len(given), len(folders))
        if shared and given[-shared:] != folders[-shared:]:
            continue
        if shared > most:
            best, most = [], shared
        if shared == most:
            best.append(row)
    return best
