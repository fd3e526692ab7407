"""All tables of an archive as files to be published: Parquet, CSV, or one SQLite database; and what they are.

`manifest.json` says schema, rules, filter, and of each table and file its columns, rows and SHA-256. Rows stand in
the order of their primary keys; nothing tells when the export was made. The same archive gives the same bytes, as
long as the same releases of SQLite and pyarrow write them.
"""

from __future__ import annotations

import csv
import hashlib
import importlib
import io
import json
import tempfile
from contextlib import closing
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from crawler.pages.exported import MARKER
from crawler.pages.exported_forms import guarded
from pipelines.export.folder import write_pieces, write_whole
from pipelines.export.records import BOM
from pipelines.store import public_copy, reading
from pipelines.store.database import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from sqlite3 import Connection

TableFormat = Literal["parquet", "csv", "sqlite"]
FORMATS: tuple[TableFormat, ...] = get_args(TableFormat)
MANIFEST = "manifest.json"
DATABASE = "articles.db"
_BATCH = 2_000  # rows in memory
_LEFT_OUT = "raw bytes, files, frontier, sources, state; local paths and reader's tokens"


class TablesError(Exception):
    """Tables that cannot be written; the message says what to do."""


def export_tables(
    db: Connection,
    folder: Path,
    format_: TableFormat,
    *,
    filters: reading.Filters,
    progress: Callable[[int, int], None],
) -> dict[str, Any]:
    """Writes all tables of `db` into `folder` and gives a report (folder, tables, rows).

    Raises:
        TablesError: Parquet without pyarrow.
        OSError, sqlite3.Error: it cannot be written.
    """
    if format_ == "parquet":
        _pyarrow()
    folder.mkdir(parents=True, exist_ok=True)
    ids = None if filters == reading.Filters() else reading.article_ids(db, filters)
    with tempfile.TemporaryDirectory(prefix=".gzh-", dir=folder) as aside:
        made = Path(aside) / DATABASE
        public_copy.make(db, made, ids=ids, progress=progress)
        with closing(connect(made, read_only=True)) as copy:
            tables = _describe(copy.conn, format_)
            if format_ != "sqlite":
                for name, table in tables.items():
                    _WRITERS[format_](copy.conn, name, table["columns"], folder / table["file"])
            manifest = {
                "archive": MARKER,
                "format": format_,
                "schema": public_copy.schema_of(copy.conn),
                "rules_versions": reading.rules_versions(copy.conn),
                "filter": {name: value for name, value in asdict(filters).items() if value},
                "order": "primary key",
                "left_out": _LEFT_OUT,
                "tables": tables,
            }
        if format_ == "sqlite":
            made.replace(folder / DATABASE)
    files = sorted({table["file"] for table in tables.values()})
    manifest["files"] = {name: _file(folder / name) for name in files}
    write_whole(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n")
    rows = sum(table["rows"] for table in tables.values())
    return {"folder": str(folder), "format": format_, "tables": len(tables), "rows": rows}


def _describe(db: Connection, format_: TableFormat) -> dict[str, dict[str, Any]]:
    """Table -> its file, rows and columns; columns of bytes are in the database alone."""
    described = {}
    for name, columns in public_copy.tables(db).items():
        if name in public_copy.EMPTIED or (format_ != "sqlite" and name in public_copy.INTERNAL):
            continue
        shown = [{"name": column, "type": kind} for column, kind in columns if format_ == "sqlite" or kind != "BLOB"]
        file = DATABASE if format_ == "sqlite" else f"{name}.{format_}"
        described[name] = {"file": file, "rows": public_copy.count_rows(db, name), "columns": shown}
    return described


def _write_csv(db: Connection, table: str, described: Sequence[dict[str, str]], path: Path) -> None:
    columns = [column["name"] for column in described]

    def pieces() -> Iterator[bytes]:
        yield (BOM + _csv_rows([columns])).encode()
        rows = public_copy.table_rows(db, table, columns)
        while batch := list(islice(rows, _BATCH)):
            cells = [[guarded(value) if isinstance(value, str) else value for value in row] for row in batch]
            yield _csv_rows(cells).encode("utf-8", "replace")

    write_pieces(path, pieces())


def _csv_rows(rows: Sequence[Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _write_parquet(db: Connection, table: str, described: Sequence[dict[str, str]], path: Path) -> None:
    pa, pq = _pyarrow()
    types = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string()}
    schema = pa.schema([pa.field(column["name"], types[column["type"]]) for column in described])
    rows = public_copy.table_rows(db, table, schema.names)
    part = path.with_name(f".gzh-{path.name}.part")
    try:
        with pq.ParquetWriter(part, schema, compression="zstd") as writer:
            while batch := list(islice(rows, _BATCH)):
                values = [list(column) for column in zip(*batch, strict=True)]
                arrays = [pa.array(given, field.type) for given, field in zip(values, schema, strict=True)]
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


_WRITERS = {"csv": _write_csv, "parquet": _write_parquet}


def _pyarrow() -> tuple[Any, Any]:
    try:
        return importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise TablesError(
            "Parquet needs pyarrow, which is not installed: pip install 'pyarrow>=21' (or use --format csv or sqlite)"
        ) from error


def _file(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return {"bytes": path.stat().st_size, "sha256": digest.hexdigest()}
