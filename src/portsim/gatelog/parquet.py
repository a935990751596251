"""The gate log's parquet files: columns of any type become columns of text.

What a column means may not enter.
"""

from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]
import pyarrow.compute as pc  # type: ignore[import-untyped, unused-ignore]
import pyarrow.parquet as pq  # type: ignore[import-untyped, unused-ignore]

from portsim.gatelog.faults import refuse
from portsim.gatelog.unpacking import MOST_BYTES
from portsim.tables.columns import Columns

__all__ = ["read_parquet"]

_MOST_ROWS = 20_000_000
_MOST_COLUMNS = 1_000


def read_parquet(data: bytes, shown: str) -> Columns:
    """The only table of the file; columns of lists and of bytes are left out.

    Raises:
        ScenarioError: it is damaged, or holds more than a log would.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        rows, schema = file.metadata.num_rows, file.schema_arrow
        if rows > _MOST_ROWS or len(schema) > _MOST_COLUMNS:
            found = f"{rows:,} rows of {len(schema):,} columns"
            refuse(shown, "too-large", found, f"at most {_MOST_ROWS:,} rows")
        words = [each.name for each in schema if _is_text(each.type)]
        # Kept as codes, so that one long text a million times is one long text.
        file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=words)
        names, texts = [], []
        for each in schema:
            if pa.types.is_nested(each.type) or pa.types.is_binary(each.type):
                continue
            column = file.read([each.name]).column(0)
            # Lengths and letters of a bent file may be none at all.
            column.validate(full=True)
            if len(column) != rows:
                raise ValueError(len(column))
            texts.append(
                pa.chunked_array([_texts(chunk, shown) for chunk in column.chunks], pa.string())
            )
            names.append(each.name)
    except (pa.ArrowException, OSError, ValueError):
        refuse(shown, "damaged", "a damaged parquet file", "a parquet file that can be opened")
    return Columns(tuple(names), 0, tuple(texts), np.arange(1, rows + 1, dtype=np.int64))


def _is_text(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _texts(chunk: Any, shown: str) -> Any:
    kind = chunk.type
    if pa.types.is_dictionary(kind):
        lengths = pc.binary_length(chunk.dictionary.cast(pa.string()))
        total = pc.sum(lengths.take(chunk.indices)).as_py() or 0
        if total > MOST_BYTES:
            refuse(shown, "too-large", f"a column of {total >> 20:,} MiB", "a table of trucks")
        chunk = chunk.dictionary_decode()
    elif pa.types.is_timestamp(kind):
        # Parts of a second are of no use, and are not written out.
        chunk = pc.cast(chunk, pa.timestamp("s", kind.tz), safe=False)
        if kind.tz is not None:
            # With the offset that its zone has then, which tells where the port is.
            chunk = pc.strftime(chunk, "%Y-%m-%dT%H:%M:%S%z")
    elif pa.types.is_floating(kind):
        chunk = pc.if_else(pc.is_nan(chunk), None, chunk)
        if pc.all(pc.equal(chunk, pc.round(chunk))).as_py():
            chunk = chunk.cast(pa.int64())
    return pc.utf8_trim_whitespace(chunk.cast(pa.string()).fill_null(""))
