"""One log in every form in which people keep it."""

import base64
import gzip
import io
import zipfile
import zlib

import openpyxl
import pandas as pd
import pytest

from gatelog_known import XLS, at, visits

HEADER = [
    "Plate",
    "Cargo",
    "Weight kg",
    "arrival",
    "gate end",
    "inspection start",
    "inspection end",
]
ROWS = [
    ["A1", "tea", "20000", "2025-03-03 08:00", "2025-03-03 08:20", "", ""],
    [
        "Б2",
        "steel",
        "9500",
        "2025-03-03 08:07",
        "2025-03-03 08:31",
        "2025-03-03 09:00",
        "2025-03-03 09:40",
    ],
    ["新C3", "tea", "12000", "2025-03-03 23:50", "2025-03-04 00:10", "", ""],
]


def csv(separator=",", rows=ROWS):
    return "\n".join(separator.join(cells) for cells in [HEADER, *rows]) + "\n"


def known(log):
    """The three trucks, whatever the form."""
    assert log.trucks["truck"].tolist() == ["A1", "Б2", "新C3"]
    assert log.trucks["truck_class"].tolist() == ["tea", "steel", "tea"]
    assert log.trucks["load"].tolist() == [20.0, 9.5, 12.0]
    assert log.trucks["arrival"].tolist() == [
        at("2025-03-03 08:00"),
        at("2025-03-03 08:07"),
        at("2025-03-03 23:50"),
    ]
    assert log.trucks["direction"].isna().all()
    assert visits(log, "A1") == {"gate": (at("2025-03-03 08:00"), None, at("2025-03-03 08:20"))}
    assert visits(log, "Б2") == {
        "gate": (at("2025-03-03 08:07"), None, at("2025-03-03 08:31")),
        "inspection": (None, at("2025-03-03 09:00"), at("2025-03-03 09:40")),
    }
    assert visits(log, "新C3")["gate"][2] == at("2025-03-04 00:10")
    assert log.stages == ("gate", "inspection")
    assert log.stamped == {"gate": {"queue", "end"}, "inspection": {"start", "end"}}
    assert set(log.resolution.values()) == {60}
    assert (log.first, log.last) == (at("2025-03-03 08:00"), at("2025-03-04 00:10"))
    assert [source.rows for source in log.sources] == [3]
    assert log.cleaning.empty


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_any_separator_and_coding(read, separator, coding):
    known(read(csv(separator).encode(coding)))


def test_csv_with_a_title_quotes_and_a_named_separator(read):
    quoted = "\r\n".join(";".join(f'"{cell}"' for cell in cells) for cells in [HEADER, *ROWS])
    known(read("Gate log of March;;;;;;\r\n\r\n" + quoted))
    known(read("sep=;\n" + csv(";")))


def test_packed_csv(read):
    known(read(gzip.compress(csv().encode()), "gate.csv.gz"))


@pytest.mark.parametrize("coding", ["cp1251", "koi8_r"])
def test_old_russian_codings(read, coding):
    text = "номер;груз;прибытие;въезд\nА123;уголь;03.03.2025 08:00;03.03.2025 08:30\n" * 1
    text += "В777;зерно;03.03.2025 08:10;03.03.2025 08:40\n"
    log = read(text.encode(coding))
    assert log.trucks["truck"].tolist() == ["А123", "В777"]
    assert log.stages == ("въезд",)


@pytest.mark.parametrize("coding", ["gb18030", "big5"])
def test_old_chinese_codings(read, coding):
    chinese = "车牌,货物,到达时间,放行" if coding == "gb18030" else "車牌,貨物,到達時間,放行"
    text = f"{chinese}\nA1,茶,2025-03-03 08:00,2025-03-03 08:30\nA2,茶,2025-03-03 08:10,\n"
    log = read(text.encode(coding))
    assert log.trucks["truck_class"].tolist() == ["茶", "茶"]
    assert log.stages == ("放行",)


def test_old_german_coding(read):
    text = "Kennzeichen;Ankunft;Prüfung Beginn;Prüfung Ende\n"
    text += "Ü 1;03.03.2025 08:00;03.03.2025 08:30;03.03.2025 08:40\n"
    log = read(text.encode("cp1252"))
    assert log.trucks["truck"].tolist() == ["Ü 1"]
    assert log.stages == ("Prüfung",)


def typed(cells):
    made = [*cells[:2], int(cells[2])]
    return made + [pd.Timestamp(cell).to_pydatetime() if cell else None for cell in cells[3:]]


def workbook(rows, title="log", more=()):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for cells in rows:
        sheet.append(cells)
    for name, others in more:
        other = book.create_sheet(name)
        for cells in others:
            other.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_xlsx_of_dates_of_text_and_of_bare_numbers(read):
    known(read(workbook([HEADER, *map(typed, ROWS)]), "gate.xlsx"))
    known(read(workbook([HEADER, *ROWS]), "gate.xlsx"))
    day = pd.Timestamp("1899-12-30")
    serial = [
        [
            *cells[:2],
            int(cells[2]),
            *((pd.Timestamp(c) - day) / pd.Timedelta("1D") if c else None for c in cells[3:]),
        ]
        for cells in ROWS
    ]
    known(read(workbook([HEADER, *serial]), "gate.xlsx"))


def test_xlsx_with_a_title_and_a_legend(read):
    title = ["Gate log, March 2025"]
    legend = [["word", "meaning"], ["tea", "boxes"], ["steel", "coils"]]
    log = read(workbook([title, [], HEADER, *map(typed, ROWS)], more=[("words", legend)]), "a.xlsx")
    assert log.trucks["truck"].tolist() == ["A1", "Б2", "新C3"]
    (what,) = log.cleaning["what"]
    assert what == "a table without a column of stamps"
    assert log.cleaning["file"][0].endswith("a.xlsx [words]")


def test_a_sheet_a_month(read):
    data = workbook([HEADER, *ROWS[:2]], "March", [("April", [HEADER, ROWS[2]])])
    log = read(data, "a.xlsx")
    assert [source.rows for source in log.sources] == [2, 1]
    assert [source.file.rpartition("[")[2] for source in log.sources] == ["March]", "April]"]
    assert len(log.trucks) == 3


def ods(rows):
    def cell(text):
        if not text:
            return "<table:table-cell/>"
        kind = 'office:value-type="string"'
        return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"

    names = {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    }
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in names.items())
    lines = "".join(
        "<table:table-row>" + "".join(cell(c) for c in cells) + "</table:table-row>"
        for cells in rows
    )
    blank = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
    blank += 'table:number-columns-repeated="16384"/></table:table-row>'
    body = f'<table:table table:name="log">{lines}{blank}</table:table>'
    content = f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}"
    content += "</office:spreadsheet></office:body></office:document-content>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
            "/>",
        )
    return stream.getvalue()


def test_xls(read):
    known(read(zlib.decompress(base64.b85decode(XLS)), "gate.xls"))


def test_ods(read):
    known(read(ods([HEADER, *ROWS]), "gate.ods"))


@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Almaty"])
def test_parquet(read, zone):
    frame = pd.DataFrame([typed(cells) for cells in ROWS], columns=HEADER)
    for name in HEADER[3:]:
        times = pd.to_datetime(frame[name])
        frame[name] = times if zone is None else times.dt.tz_localize("UTC").dt.tz_convert(zone)
    stream = io.BytesIO()
    frame.to_parquet(stream)
    known(read(stream.getvalue(), "gate.parquet"))


def test_text_and_codes_in_parquet(read):
    frame = pd.DataFrame(ROWS, columns=HEADER).astype({"Cargo": "category"})
    stream = io.BytesIO()
    frame.to_parquet(stream)
    known(read(stream.getvalue(), "gate.parquet"))


EVENTS = [
    ("A1", "queue gate", "complete", "2025-03-03T08:00:00"),
    ("A1", "gate", "complete", "2025-03-03T08:20:00"),
    ("Б2", "queue gate", "complete", "2025-03-03T08:07:00"),
    ("Б2", "gate", "complete", "2025-03-03T08:31:00"),
    ("Б2", "inspection", "start", "2025-03-03T09:00:00"),
    ("Б2", "inspection", "complete", "2025-03-03T09:40:00"),
    ("新C3", "queue gate", "complete", "2025-03-03T23:50:00"),
    ("新C3", "gate", "complete", "2025-03-04T00:10:00"),
]
CARGO = {"A1": ("tea", 20.0), "Б2": ("steel", 9.5), "新C3": ("tea", 12.0)}


def test_a_row_an_event_in_any_order(read):
    lines = [",".join([*event, CARGO[event[0]][0], str(CARGO[event[0]][1])]) for event in EVENTS]
    header = "case,activity,lifecycle,timestamp,cargo,load\n"
    for rows in (lines, lines[::-1], lines[1::2] + lines[::2]):
        log = read(header + "\n".join(rows))
        assert len(log.cleaning) == 0
        assert log.stages == ("gate", "inspection")
        assert log.trucks["load"].tolist() == [20.0, 9.5, 12.0]
        assert visits(log, "Б2")["inspection"][1:] == (
            at("2025-03-03 09:00"),
            at("2025-03-03 09:40"),
        )


def xes(events=EVENTS, head="", offset="+00:00"):
    traces = []
    for case in dict.fromkeys(event[0] for event in events):
        cargo, load = CARGO[case]
        inside = f'<string key="concept:name" value="{case}"/>'
        inside += f'<string key="class" value="{cargo}"/><float key="tonnes" value="{load}"/>'
        for _, activity, step, time in (event for event in events if event[0] == case):
            inside += f"""
  <event>
    <string key="concept:name" value="{activity}"/>
    <string key="lifecycle:transition" value="{step}"/>
    <date key="time:timestamp" value="{time}.000{offset}"/>
  </event>"""
        traces.append(f" <trace>{inside}\n </trace>\n")
    body = f'<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n{"".join(traces)}</log>'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{body}\n'


@pytest.mark.parametrize("pack", [False, True])
def test_xes(read, pack):
    data = xes().encode()
    known_events(read(gzip.compress(data) if pack else data, "log.xes.gz" if pack else "log.xes"))


def known_events(log):
    assert log.timezone == "UTC"
    assert log.trucks["truck_class"].tolist() == ["tea", "steel", "tea"]
    assert log.trucks["load"].tolist() == [20.0, 9.5, 12.0]
    assert visits(log, "A1") == {"gate": (at("2025-03-03 08:00"), None, at("2025-03-03 08:20"))}
    assert log.cleaning.empty


def test_a_row_an_activity_with_start_and_end(read):
    text = """case id,activity,start_time,end_time,resource
1,arrival,,2025-03-03 08:00,
1,gate,2025-03-03 08:01,2025-03-03 08:05,Ann
1,yard,2025-03-03 08:10,2025-03-03 08:45,Bob
2,arrival,,2025-03-03 08:02,
2,gate,2025-03-03 08:05,2025-03-03 08:09,Cy
2,yard,2025-03-03 08:45,2025-03-03 08:55,Bob
"""
    log = read(text)
    assert log.stages == ("gate", "yard")
    assert visits(log, "2")["yard"] == (None, at("2025-03-03 08:45"), at("2025-03-03 08:55"))
    assert log.visits["resource"].tolist() == ["Ann", "Bob", "Cy", "Bob"]


def test_several_files_are_one_log(read):
    log = read({"b.csv": csv(rows=ROWS[2:]), "a.csv": csv(";", rows=ROWS[:2])})
    assert log.trucks["truck"].tolist() == ["A1", "Б2", "新C3"]
    assert [source.rows for source in log.sources] == [1, 2]


def test_a_column_that_changed_is_said(read):
    other = csv(rows=ROWS[2:]).replace("gate end", "gate finished").replace("Cargo", "Goods type")
    log = read({"a.csv": csv(rows=ROWS[:2]), "b.csv": other})
    assert log.stages == ("gate", "inspection")
    assert log.trucks["truck_class"].tolist() == ["tea", "steel", "tea"]
    assert set(log.cleaning["what"]) == {
        "the column `gate end` is now called `gate finished`",
        "the column `Cargo` is now called `Goods type`",
    }
    assert log.cleaning["file"].str.endswith("b.csv").all()
