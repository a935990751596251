"""The room of results: tables to bytes and back; no path and no statistics may enter.

The same table always gives the same bytes.
"""

import codecs
import io
import re
from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]
import pyarrow.parquet as pq  # type: ignore[import-untyped, unused-ignore]

from portsim.errors import InputError

__all__ = [
    "COMPARISON",
    "CURVES",
    "OBSERVED",
    "REPLICATIONS",
    "SUMMARY",
    "Schema",
    "from_csv",
    "from_parquet",
    "settled",
    "tidy",
    "to_csv",
    "to_parquet",
]

_ROWS_AT_ONCE = 50_000
_FORMER = {"class": "truck_class"}
"""What columns were called in folders of before 0.2."""

Kind = Literal["text", "number", "integer"]
Schema = dict[str, Kind]
"""Columns of a table in their order, each with what its cells are."""

SUMMARY: Schema = {
    "scenario": "text",
    "truck_class": "text",
    "place": "text",
    "measure": "text",
    "unit": "text",
    "mean": "number",
    "ci_low": "number",
    "ci_high": "number",
    "sd": "number",
    "replications": "integer",
    "note": "text",
}

REPLICATIONS: Schema = {
    "scenario": "text",
    "replication": "integer",
    "truck_class": "text",
    "place": "text",
    "measure": "text",
    "value": "number",
    "count": "integer",
}

COMPARISON: Schema = {
    "baseline": "text",
    "scenario": "text",
    "truck_class": "text",
    "place": "text",
    "measure": "text",
    "unit": "text",
    "difference": "number",
    "ci_low": "number",
    "ci_high": "number",
    "joint_low": "number",
    "joint_high": "number",
    "ratio": "number",
    "ratio_low": "number",
    "ratio_high": "number",
    "pairs": "integer",
    "method": "text",
    "note": "text",
}

CURVES: Schema = {
    "scenario": "text",
    "truck_class": "text",
    "place": "text",
    "curve": "text",
    "x": "number",
    "x_unit": "text",
    "unit": "text",
    "mean": "number",
    "q05": "number",
    "q25": "number",
    "q50": "number",
    "q75": "number",
    "q95": "number",
    "replications": "integer",
}

OBSERVED: Schema = {
    "scenario": "text",
    "name": "text",
    "label": "text",
    "role": "text",
    "truck_class": "text",
    "place": "text",
    "measure": "text",
    "total": "text",
    "unit": "text",
    "published": "number",
    "confidence": "text",
    "source": "text",
    "mean": "number",
    "ci_low": "number",
    "ci_high": "number",
    "period_low": "number",
    "period_high": "number",
    "replications": "integer",
    "gap": "number",
    "gap_percent": "number",
    "inside": "text",
    "note": "text",
}

# A spreadsheet runs a cell that starts like this as a formula. A text that already looks guarded
# is guarded once more, so that reading takes away exactly what writing put there.
_FORMULA = re.compile(r"'*[=+\-@\t]")


def _guard(text: str) -> str:
    # The csv module of Python 3.11 leaves a lone \r unquoted, and readers then see a new row.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if _FORMULA.match(text) else text


def _unguard(text: str) -> str:
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def _each(texts: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Change every text; each distinct one is looked at once, for tables repeat themselves."""
    return texts.map({text: change(text) for text in texts.unique()}).astype(str)


def _select(frame: pd.DataFrame, schema: Schema, name: str) -> pd.DataFrame:
    missing = [column for column in schema if column not in frame.columns]
    if missing:
        msg = f"{name} lacks the columns {', '.join(missing)}"
        raise ValueError(msg)
    return frame[list(schema)]


def to_csv(frame: pd.DataFrame, schema: Schema, name: str) -> bytes:
    r"""A table for people and programs: UTF-8 with BOM, commas, ``\n``, empty cells for NaN.

    In: a DataFrame with at least the schema's columns, of which only these are written; its name
    for messages. Numbers have up to ten significant digits. Text that a spreadsheet would take
    for a formula (it starts with = + - @ or a tab) gets a leading ``'``. Raises ValueError if a
    column is missing.
    """
    table = _select(frame, schema, name)
    # As text a table is many times as large as it was; piece by piece that does not matter.
    pieces = [codecs.BOM_UTF8]
    for first in range(0, max(1, len(table)), _ROWS_AT_ONCE):
        piece = table.iloc[first : first + _ROWS_AT_ONCE].copy()
        for column, kind in schema.items():
            if kind == "text":
                piece[column] = _each(piece[column].astype(str), _guard)
            elif kind == "number":
                # Adding 0.0 turns -0.0 into 0.0.
                piece[column] = piece[column].astype(np.float64) + 0.0
            else:
                piece[column] = piece[column].astype(np.int64)
        written = piece.to_csv(
            index=False, header=not first, float_format="%.10g", na_rep="", lineterminator="\n"
        )
        pieces.append(written.encode())
    return b"".join(pieces)


def tidy(frame: pd.DataFrame, schema: Schema, name: str) -> pd.DataFrame:
    """The schema's columns of a table as its kinds say: categories, float64, int64.

    Categories come in the order in which they are met, so that equal tables are equal bytes.
    Raises ValueError if a column is missing.
    """
    table = _select(frame, schema, name)
    made: dict[str, object] = {}
    for column, kind in schema.items():
        if kind == "text":
            codes, met = pd.factorize(table[column])
            made[column] = pd.Categorical.from_codes(codes, pd.Index([str(text) for text in met]))
        else:
            made[column] = table[column].to_numpy(np.float64 if kind == "number" else np.int64)
    return pd.DataFrame(made)


def settled(frame: pd.DataFrame, schema: Schema, name: str) -> pd.DataFrame:
    """A table whose numbers are those that `from_csv` will read, once `to_csv` has written them.

    In: a DataFrame with at least the schema's columns; its name for messages. Raises ValueError
    if a column is missing.
    """
    _select(frame, schema, name)
    numbers = {
        column: [float(f"{value:.10g}") + 0.0 for value in frame[column].astype(np.float64)]
        for column, kind in schema.items()
        if kind == "number"
    }
    rest = [column for column in frame.columns if column not in schema]
    return frame[[*schema, *rest]].assign(**numbers)


def from_csv(data: bytes, schema: Schema, name: str) -> pd.DataFrame:
    """Read what `to_csv` wrote: text as text (empty, never NaN), float64, int64.

    Raises InputError, with ``name``, if columns or cells are not those of the schema.
    """
    numbers = [column for column, kind in schema.items() if kind == "number"]
    try:
        table = pd.read_csv(
            io.BytesIO(data),
            encoding="utf-8-sig",
            dtype={c: np.int64 if kind == "integer" else str for c, kind in schema.items()}
            | dict.fromkeys(numbers, np.float64)
            | dict.fromkeys(_FORMER, str),
            keep_default_na=False,
            na_values={column: [""] for column in numbers},
        ).rename(columns={old: new for old, new in _FORMER.items() if old not in schema})
    except (ValueError, OverflowError) as error:
        msg = f"{name}: cannot be read as a table of portsim: {error}"
        raise InputError(msg) from error
    if list(table.columns) != list(schema):
        msg = f"{name}: the columns must be {', '.join(schema)}; found {', '.join(table.columns)}"
        raise InputError(msg)
    for column, kind in schema.items():
        if kind == "text":
            table[column] = _each(table[column], _unguard)
    return table


def to_parquet(frame: pd.DataFrame, schema: Schema | None, name: str) -> bytes:
    """A table as parquet, zstd, without index and without pandas' own metadata.

    In: a DataFrame; with a schema it must have at least those columns, of which only these are
    written; without one all columns are. The dtypes stay as they are. Raises ValueError if a
    column is missing.
    """
    table = frame if schema is None else _select(frame, schema, name)
    arrow = pa.Table.from_pandas(table, preserve_index=False, nthreads=1)
    out = io.BytesIO()
    # Few numbers come twice, so a dictionary of them is only larger; of short ones the bytes of
    # like weight lie side by side, which halves them.
    curved = [field.name for field in arrow.schema if field.type == pa.float32()]
    numbers = [field.name for field in arrow.schema if pa.types.is_floating(field.type)]
    pq.write_table(
        arrow.replace_schema_metadata(None),
        out,
        compression="zstd",
        use_dictionary=[name for name in arrow.column_names if name not in numbers],
        column_encoding=dict.fromkeys(curved, "BYTE_STREAM_SPLIT") or None,
    )
    return out.getvalue()


def from_parquet(data: bytes, schema: Schema | None, name: str) -> pd.DataFrame:
    """Read what `to_parquet` wrote, with its dtypes.

    Raises InputError, with ``name``, if it is no parquet file or lacks columns of the schema.
    """
    try:
        table: pd.DataFrame = pq.read_table(io.BytesIO(data)).to_pandas().rename(columns=_FORMER)
    except (pa.ArrowException, OSError, ValueError) as error:
        msg = f"{name}: cannot be read as a parquet table: {error}"
        raise InputError(msg) from error
    if schema is not None and list(table.columns) != list(schema):
        msg = f"{name}: the columns must be {', '.join(schema)}; found {', '.join(table.columns)}"
        raise InputError(msg)
    return table
