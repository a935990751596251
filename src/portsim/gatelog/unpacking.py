"""The gate log's door: files become bytes, and what would unpack to more than a log is refused.

What the bytes mean may not enter.
"""

import io
import struct
import zipfile
import zlib
from pathlib import Path

from portsim.gatelog.faults import refuse
from portsim.reading.text import nearest, short

__all__ = ["MOST_BYTES", "check_zip", "read_bytes", "unpack_gzip"]

MOST_BYTES = 1 << 30
"""A file and what it unpacks to: ten million rows."""
_SMALL = 1 << 26
_MOST_RATIO = 200
"""Logs shrink to a tenth or less; what shrinks more than so many times, and is large, is no log."""
_PIECE = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS
_LOCAL = struct.Struct("<4s22xHH")


def read_bytes(file: Path, shown: str) -> bytes:
    """All of a file.

    Raises:
        ScenarioError: there is none, it cannot be read, or it is too large.
    """
    try:
        if not file.is_file():
            found = "a folder" if file.is_dir() else "no such file"
            beside = [each.name for each in file.parent.glob("*")] if file.parent.is_dir() else []
            near = nearest(file.name, beside)
            hint = f"did you mean `{short(near)}`?" if near and near != file.name else ""
            refuse(shown, "missing-file", found, "a log: CSV, xlsx, xls, ods, parquet or XES", hint)
        size = file.stat().st_size
        if size > MOST_BYTES:
            _refuse_size(shown, f"{size:,} bytes")
        return file.read_bytes()
    except (OSError, ValueError):
        refuse(shown, "unreadable", "a file that cannot be read", "a log")


def _refuse_size(shown: str, found: str) -> None:
    hint = "give the log in several files, a month each"
    refuse(shown, "too-large", found, f"at most {MOST_BYTES:,} bytes, unpacked", hint)


def _too_much(unpacked: int, packed: int) -> bool:
    return unpacked > MOST_BYTES or (unpacked > _SMALL and unpacked > _MOST_RATIO * packed)


def unpack_gzip(data: bytes, shown: str) -> bytes:
    """What a gzip file holds.

    Raises:
        ScenarioError: it is damaged, or holds more than a log would.
    """
    out = io.BytesIO()
    rest = data
    while rest:
        stream = zlib.decompressobj(_GZIP)
        pending = rest
        try:
            while not stream.eof and pending:
                out.write(stream.decompress(pending, _PIECE))
                pending = stream.unconsumed_tail
                if _too_much(out.tell(), len(data)):
                    found = f"a small file that unpacks to more than {out.tell() >> 20:,} MiB"
                    refuse(shown, "too-large", found, "a packed log")
        except zlib.error:
            refuse(shown, "damaged", "a damaged gzip file", "a gzip file that can be unpacked")
        if not stream.eof:
            refuse(shown, "damaged", "a gzip file without its end", "all of the file")
        # Zeros may fill up the last block of a tape.
        rest = stream.unused_data.lstrip(b"\0")
    return out.getvalue()


def check_zip(data: bytes, shown: str) -> zipfile.ZipFile:
    """A zip file (a workbook), looked through without trusting what it says of itself.

    Raises:
        ScenarioError: it is damaged, or holds more than a log would.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        total = 0
        for part in parts:
            total += _size(data, part)
            if total > MOST_BYTES or _too_much(total, len(data)):
                found = f"a workbook that unpacks to more than {total >> 20:,} MiB"
                refuse(shown, "too-large", found, "a workbook")
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, NotImplementedError):
        refuse(shown, "damaged", "a damaged workbook", "a workbook that can be opened")
    return archive


def _size(data: bytes, part: zipfile.ZipInfo) -> int:
    """Bytes that a part really unpacks to, as far as is allowed."""
    if part.compress_type == zipfile.ZIP_STORED:
        return part.compress_size
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise ValueError(part.compress_type)
    _, name, extra = _LOCAL.unpack_from(data, part.header_offset)
    begin = part.header_offset + _LOCAL.size + name + extra
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    pending, size = data[begin : begin + part.compress_size], 0
    while pending and not stream.eof:
        size += len(stream.decompress(pending, _PIECE))
        pending = stream.unconsumed_tail
        if _too_much(size, part.compress_size):
            break
    return size
