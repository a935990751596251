"""Files that are broken or mean harm: refused with file and line, or read as the text they are."""

import base64
import gzip
import io
import zipfile
import zlib

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatelog_known import XLS
from portsim.errors import InputError
from portsim.gatelog import read_log
from thorough import cases

GOOD = "plate,arrival,gate end\nA,2025-03-03 08:00,2025-03-03 08:10\n"
LOG = '<log xes.version="1.0">{}</log>'


def test_there_is_no_such_file(tmp_path, read):
    (tmp_path / "gate.csv").write_text(GOOD)
    with pytest.raises(InputError, match=r"gates\.csv: error: found no such file.*\n.*`gate\.csv`"):
        read_log(tmp_path / "gates.csv")
    with pytest.raises(InputError, match="found a folder"):
        read_log(tmp_path)
    with pytest.raises(InputError, match="name at least one"):
        read_log([])


@pytest.mark.parametrize(
    ("data", "name", "code", "found"),
    [
        (b"", "a.csv", "no-text", "an empty file"),
        (b" \n\n", "a.csv", "no-text", "an empty file"),
        (b"plate,arrival\n", "a.csv", "no-rows", "a header without rows"),
        (b"plate,arrival\nA,2025\0-03-03 08:00\n", "a.csv", "no-text", "a NUL byte"),
        (b'plate,arrival\n"A,2025-03-03 08:00\n', "a.csv", "no-table", 'a quote `"` that is not'),
        (b"PK\x03\x04" + b"x" * 100, "a.xlsx", "damaged", "a damaged workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.xls", "damaged", "a workbook that"),
        (b"PAR1" + b"x" * 100, "a.parquet", "damaged", "a damaged parquet file"),
        (
            gzip.compress(GOOD.encode(), mtime=0)[:-9],
            "a.csv.gz",
            "damaged",
            "a gzip file without its end",
        ),
        (b"\x1f\x8b\x08" + b"x" * 50, "a.csv.gz", "damaged", "a damaged gzip file"),
        (b"<html><body/></html>", "a.xes", "xml", "<html>"),
        (
            b"<?xml version='1.0' encoding='UTF-9'?><log/>",
            "a.xes",
            "xml",
            "a coding that XML is not",
        ),
        (b"<log><trace>", "a.xes", "xml", "something that is no XML (no element found)"),
        (
            b"plate,arrival\nA,x,y\nB,x,y\nC,x,y\n",
            "a.csv",
            "ragged",
            "a row of 3 cells, and 2 more",
        ),
    ],
)
def test_broken_files(refused, data, name, code, found):
    (fault,) = refused(data, name)
    assert fault[0] == code
    assert fault[2].startswith(found)


def test_lines_are_named(refused):
    (fault,) = refused('plate,arrival\nA,2025-03-03 08:00\nB,"x" y\n')
    assert fault[1:3] == (3, 'text after a closing quote `"`')
    (fault,) = refused(b"plate,arrival\nA,2025-03-03 08:00\nB\0,2025-03-03 08:00\n")
    assert fault[1] == 3
    (fault,) = refused("<log>\n<trace>\n<event>\n</trace></log>", "a.xes")
    assert fault[1] == 4


def test_a_cell_of_ten_megabytes(refused, read):
    big = "x" * 10_000_000
    (fault,) = refused(f"plate,arrival\nA,2025-03-03 08:00\n{big},2025-03-03 08:00\n")
    assert fault[:3] == ("no-table", 3, "a cell of more than 131,072 letters")
    inside = f'<trace><event><string key="concept:name" value="{big}"/></event></trace>'
    (fault,) = refused(LOG.format(inside), "a.xes")
    assert fault[2] == "a value of 10,000,000 letters"


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
        '<!DOCTYPE log SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_xml_that_declares_anything_is_refused(refused, head):
    inside = '<trace><event><string key="concept:name" value="&b;"/></event></trace>'
    (fault,) = refused(f"{head}\n{LOG.format(inside)}", "a.xes")
    assert fault[:3] == ("xml", 1, "a document type or an entity that is declared")


def test_xml_that_is_nested_deep_is_refused(refused):
    (fault,) = refused(LOG.format("<list>" * 100_000), "a.xes")
    assert fault[2] == "tags nested more than 50 deep"


def test_bombs_are_refused_by_what_they_unpack_to(refused):
    bomb = gzip.compress(b"0" * 100_000_000)
    (fault,) = refused(bomb, "a.csv.gz")
    assert fault[0] == "too-large"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    (fault,) = refused(stream.getvalue(), "a.xlsx")
    assert fault[0] == "too-large"


def test_a_workbook_that_lies_about_its_size_is_refused(refused):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    data = stream.getvalue().replace((100_000_000).to_bytes(4, "little"), b"\x10\0\0\0")
    (fault,) = refused(data, "a.xlsx")
    assert fault[0] == "too-large"


def test_a_cell_far_out_is_refused(refused):
    book = openpyxl.Workbook()
    book.active["A1"] = "plate"
    book.active["XFD1048576"] = "x"
    stream = io.BytesIO()
    book.save(stream)
    (fault,) = refused(stream.getvalue(), "a.xlsx")
    assert fault[:3] == ("too-large", 0, "a sheet of 1,048,576 rows and 16,384 columns")


@pytest.mark.parametrize(
    ("record", "first", "last"),
    [(b"\xfd\x00\x0a\x00", 4, 8), (b"\x00\x02\x0e\x00", 8, 12)],
)
def test_an_excel_97_that_claims_all_memory_is_refused(refused, record, first, last):
    """A cell in row and column 65,536, or a sheet of 4 thousand million rows."""
    data = bytearray(zlib.decompress(base64.b85decode(XLS)))
    at = data.rfind(record)
    data[at + first : at + last] = b"\xff" * 4
    (fault,) = refused(bytes(data), "a.xls")
    assert fault[:3] == ("damaged", 0, "a workbook that cannot be opened")


def test_formulas_are_text(read):
    text = "plate,cargo,arrival,gate end\n=cmd|'/c calc'!A1,@SUM(1),2025-03-03 08:00,\n"
    log = read(text + '"=HYPERLINK(""http://x"")",+1,2025-03-03 08:10,2025-03-03 08:20\n')
    assert log.trucks["truck"].tolist() == ["=cmd|'/c calc'!A1", '=HYPERLINK("http://x")']
    assert log.trucks["truck_class"].tolist() == ["@SUM(1)", "+1"]
    book = openpyxl.Workbook()
    book.active.append(["plate", "arrival", "gate end"])
    book.active.append(["A", "2025-03-03 08:00", '=WEBSERVICE("http://x")'])
    stream = io.BytesIO()
    book.save(stream)
    log = read(stream.getvalue(), "a.xlsx")
    assert log.visits["end"].isna().all()


def test_a_tag_of_yaml_in_a_map_is_refused(tmp_path):
    (tmp_path / "gate.csv").write_text(GOOD)
    (tmp_path / "map.yaml").write_text("form: !!python/object/apply:os.system ['true']\n")
    with pytest.raises(InputError, match="the tag"):
        read_log(tmp_path / "gate.csv", tmp_path / "map.yaml")


def test_names_that_are_odd_are_names(read, tmp_path):
    odd = "plate\u202e,arrival\x07,\x1bgate end,__class__,{0.__init__}\n"
    log = read(odd + "A,2025-03-03 08:00,2025-03-03 08:10,x,y\n")
    log.write_map(tmp_path / "map.yaml")
    assert "\x1b" not in (tmp_path / "map.yaml").read_text()
    again = read_log(tmp_path / "gate.csv", tmp_path / "map.yaml")
    assert again.trucks.equals(log.trucks)


def read_or_refused(path):
    """A log with trucks, or a fault that names the file."""
    told = ""
    try:
        log = read_log(path)
    except InputError as error:
        told = str(error)
    assert str(path) in told or len(log.trucks)


@settings(max_examples=cases(30, 150), deadline=None)
@given(st.binary(max_size=300), st.integers(0, 60), st.sampled_from(["cut", "put", "all"]))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data, where, how):
    good = GOOD.encode()
    bent = {"cut": good[:where], "put": good[:where] + data + good[where:], "all": data}[how]
    path = tmp_path_factory.mktemp("log") / "gate.csv"
    path.write_bytes(bent)
    read_or_refused(path)


def workbook():
    book = openpyxl.Workbook()
    book.active.append(["plate", "arrival", "gate end"])
    book.active.append(["A", "2025-03-03 08:00", "2025-03-03 08:10"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parquet():
    stream = io.BytesIO()
    pd.read_csv(io.StringIO(GOOD)).to_parquet(stream)
    return stream.getvalue()


def xes():
    keys = ("string", "concept:name", "gate"), ("date", "time:timestamp", "2025-03-03T08:00:00Z")
    inside = "".join(f'<{tag} key="{key}" value="{value}"/>' for tag, key, value in keys)
    return LOG.format(f"<trace><event>{inside}</event></trace>").encode()


FORMS = {
    "gate.xlsx": workbook(),
    "gate.parquet": parquet(),
    "gate.xes": xes(),
    "gate.csv.gz": gzip.compress(GOOD.encode()),
}


@settings(max_examples=cases(50, 300), deadline=None)
@given(
    st.sampled_from(sorted(FORMS)),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=3),
)
def test_a_bent_file_of_any_form_is_read_or_refused(tmp_path_factory, name, bends):
    data = bytearray(FORMS[name])
    for where, value in bends:
        data[where % len(data)] = value
    path = tmp_path_factory.mktemp("log") / name
    path.write_bytes(bytes(data))
    read_or_refused(path)


def test_a_packed_log_of_two_parts(read):
    first, second = GOOD.encode()[:30], GOOD.encode()[30:]
    assert len(read(gzip.compress(first) + gzip.compress(second), "a.csv.gz").trucks) == 1
