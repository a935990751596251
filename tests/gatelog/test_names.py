"""What columns are, by their names in four languages and by what stands in them."""

import math

import pytest

from gatelog_known import at, visits
from portsim.gatelog.words import saying

A, B = "2025-03-03 {}:00", "2025-03-03 {}:30"


def table(*names, rows=2):
    """Rows of a plate and stamps an hour apart."""
    lines = [",".join(names)]
    for row in range(rows):
        stamps = [f"2025-03-{3 + row:02} {8 + hour:02}:{row:02}" for hour in range(len(names) - 1)]
        lines.append(",".join([f"KZ{row:03}", *stamps]))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("names", "stages", "stamped"),
    [
        (
            ("车牌号", "到达时间", "查验开始时间", "查验结束时间", "放行时间"),
            ("查验", "放行"),
            [{"queue", "start", "end"}, {"end"}],
        ),
        (
            ("Гос. номер", "Прибытие", "Въезд", "Начало досмотра", "Окончание"),
            ("Въезд", "досмотра"),
            [{"queue", "end"}, {"start", "end"}],
        ),
        (
            ("номер ТС", "дата прибытия", "досмотр начат", "окончание досмотра", "выезд"),
            ("досмотр", "выезд"),
            [{"queue", "start", "end"}, {"end"}],
        ),
        (("Kennzeichen", "Ankunft", "Beginn", "Ende"), ("service",), [{"queue", "start", "end"}]),
        (
            ("LKW-Kennzeichen", "Ankunftszeit", "Beginn der Prüfung", "Prüfungsende", "Ausfahrt"),
            ("Prüfung", "Ausfahrt"),
            [{"queue", "start", "end"}, {"end"}],
        ),
        (
            ("licence_plate", "arrivedAt", "gateEnd", "queue_scanner", "scanner_start", "exit"),
            ("gate", "scanner", "exit"),
            [{"queue", "end"}, {"queue", "start"}, {"end"}],
        ),
        (("Vehicle", "Check-in", "Finished loading"), ("loading",), [{"queue", "end"}]),
    ],
)
def test_stages_and_their_stamps(read, names, stages, stamped):
    log = read(table(*names))
    assert log.stages == stages
    assert [log.stamped[stage] for stage in stages] == stamped
    assert log.trucks["truck"].tolist() == ["KZ000", "KZ001"]
    assert log.trucks["arrival"].tolist() == [at("2025-03-03 08:00"), at("2025-03-04 08:01")]
    assert all(column.evidence for column in log.mapping.columns.values())


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Plate", "truck"),
        ("case:concept:name", "truck"),
        ("车牌号码", "truck"),
        ("Госномер", "truck"),
        ("номер декларации", ""),
        ("Typ", "truck_class"),
        ("груз", "truck_class"),
        ("вес груза", "load"),
        ("Bruttogewicht", "load"),
        ("货值", "value"),
        ("Warenwert", "value"),
        ("направление", "direction"),
        ("进出口", "direction"),
        ("inspector", "resource"),
        ("通道", "resource"),
        ("lifecycle:transition", "lifecycle"),
        ("concept:name", "activity"),
        ("wait_s", ""),
        ("case:cargo", "truck_class"),
        ("case:pieces", ""),
    ],
)
def test_roles(name, role):
    assert saying(name).role == role


def test_the_earliest_entry_is_the_arrival_if_nothing_says_arrival(read):
    log = read(table("plate", "въезд", "выезд"))
    assert log.stages == ("выезд",)
    assert log.mapping.columns["въезд"].role == "arrival"
    assert "100.0% of trucks" in log.mapping.columns["въезд"].evidence


def test_stages_come_in_the_order_of_their_stamps_not_of_the_columns(read):
    text = table("plate", "arrival", "a", "b", "c").replace("a,b,c", "exit end,scan end,gate end")
    reversed_ = "\n".join(
        ",".join([cells[0], cells[1], *cells[:1:-1]])
        for cells in (line.split(",") for line in text.splitlines())
    )
    log = read(reversed_)
    assert log.stages == ("exit", "scan", "gate")


def test_a_plate_without_a_name_is_known_by_its_cells(read):
    log = read(table("who", "arrival", "gate end", rows=5))
    assert log.trucks["truck"].tolist() == [f"KZ{row:03}" for row in range(5)]
    assert "5 of 5 cells differ" in log.mapping.columns["who"].evidence


def test_a_running_number_is_no_plate(read):
    text = "номер,гос номер,прибытие,въезд\n"
    text += "".join(f"{n},KZ{n}A,2025-03-03 08:0{n},2025-03-03 09:0{n}\n" for n in range(5))
    log = read(text)
    assert log.trucks["truck"].tolist() == [f"KZ{n}A" for n in range(5)]
    assert log.mapping.columns["номер"].role == "ignore"


@pytest.mark.parametrize(
    ("header", "arrival", "start", "end", "out"),
    [
        ("case,event,timestamp", "arrival", "inspection start", "inspection end", "exit"),
        ("номер,событие,время", "прибытие", "начало досмотра", "окончание досмотра", "выезд"),
        ("车牌,环节,时间", "到达", "查验开始", "查验结束", "放行"),
        ("Kennzeichen,Ereignis,Zeit", "Ankunft", "Beginn Prüfung", "Ende Prüfung", "Ausfahrt"),
        ("plate,activity,time", "gate in", "scan started", "scan finished", "gate out"),
    ],
)
def test_activities_in_four_languages(read, header, arrival, start, end, out):
    lines = [header]
    for row in range(3):
        for minute, name in enumerate((arrival, start, end, out)):
            lines.append(f"K{row},{name},2025-03-03 {8 + row:02}:{10 * minute:02}")
    log = read("\n".join(lines))
    assert log.trucks["arrival"].tolist() == [at(f"2025-03-03 {8 + row:02}:00") for row in range(3)]
    stage, last = log.stages
    assert log.stamped == {stage: {"queue", "start", "end"}, last: {"end"}}
    assert last == out
    assert log.cleaning.empty


def test_two_arrivals_are_asked_for(refused):
    ((code, line, found, _, hint),) = refused(table("plate", "arrival", "прибытие", "gate end"))
    assert (code, line) == ("two-arrivals", 1)
    assert found == "`arrival` and `прибытие`, which both may be the arrival"
    assert '{"arrival": arrival, "прибытие": ignore}' in hint


def test_no_arrival_is_asked_for(refused, read, tmp_path):
    text = table("plate", "gate start", "gate end")
    ((code, line, _, _, hint),) = refused(text)
    assert (code, line) == ("no-arrival", 1)
    assert 'columns: {"gate start": arrival}; or arrival: none' in hint
    words = tmp_path / "map.yaml"
    words.write_text("arrival: none\n")
    log = read(text, mapping=words)
    assert log.trucks["arrival"].isna().all()
    assert log.stamped == {"gate": {"start", "end"}}


def test_no_arrival_among_events_is_asked_for(refused):
    text = "case,activity,time\n1,gate,2025-03-03 08:00\n1,exit,2025-03-03 09:00\n"
    ((code, _, found, _, hint),) = refused(text)
    assert (code, found) == ("no-arrival", "no activity that is the arrival among gate, exit")
    assert '{"gate": arrival}' in hint


def test_two_columns_for_one_stamp_are_asked_for(refused):
    ((code, _, found, _, _),) = refused(table("plate", "arrival", "gate end", "gate finished"))
    assert code == "two-columns"
    assert found == "`gate end` and `gate finished`, which both may be the end of gate"


def test_no_stamps_at_all(refused):
    ((code, line, found, _, _),) = refused("plate,weight\nA,12\nB,13\n")
    assert (code, line) == ("no-stamps", 1)
    assert found.startswith("no column of dates with times among plate, weight")


def test_weights_are_tonnes_whatever_they_were(read):
    text = "plate,weight,arrival,exit\nA,{},2025-03-03 08:00,2025-03-03 09:00\n"
    for cell, tonnes in (("21.5", 21.5), ("21500", 21.5), ("0", 0.0), ("heavy", None)):
        rows = text.format(cell) + "B,20,2025-03-03 08:00,2025-03-03 09:00\n" * (tonnes is None)
        load = read(rows).trucks["load"][0]
        assert load == tonnes if tonnes is not None else math.isnan(load)


def test_resources_of_a_row_a_truck(read):
    text = "plate,arrival,gate end,gate officer,yard end,yard lane\n"
    text += "A,2025-03-03 08:00,2025-03-03 08:10,Ann,2025-03-03 08:30,L2\n"
    text += "B,2025-03-03 08:05,2025-03-03 08:20,,2025-03-03 08:50,L1\n"
    log = read(text)
    assert log.visits["resource"].fillna("").tolist() == ["Ann", "L2", "", "L1"]
    assert visits(log, "B")["gate"][2] == at("2025-03-03 08:20")


@pytest.mark.parametrize(
    ("first", "second", "stage"),
    [
        ("customs_in", "customs_out", "customs"),
        ("Inspection In", "Inspection Out", "Inspection"),
        ("Досмотр вход", "Досмотр выход", "Досмотр"),
        ("查验进", "查验出", "查验"),
    ],
)
def test_in_and_out_of_one_stage_are_its_start_and_end(read, first, second, stage):
    """The stamps lie an hour apart: whoever comes in so late has waited for it."""
    log = read(table("plate", "arrival", first, second))
    assert log.stages == (stage,)
    assert log.stamped[stage] == {"queue", "start", "end"}
    says = {name: column.evidence for name, column in log.mapping.columns.items()}
    assert says[first] == "the name says in, and another says out of the same"


def test_who_comes_in_right_after_the_post_before_joins_a_queue(read):
    rows = [
        f"KZ{n:03},2025-03-03 08:{n:02},2025-03-03 08:{n:02}:40,2025-03-03 09:{n:02}"
        for n in range(20)
    ]
    log = read("\n".join(["plate,arrival,scan in,scan out", *rows]))
    assert log.stages == ("scan",)
    assert log.stamped["scan"] == {"queue", "end"}
    assert "right after" in log.mapping.columns["scan in"].evidence


@pytest.mark.parametrize("name", ["gate", "yard", "Check", "进口查验/出口查验"])
def test_in_and_out_of_the_port_are_no_start_and_end(read, name):
    pair = name.split("/") if "/" in name else (f"{name} in", f"{name} out")
    log = read(table("plate", "arrival time", *pair))
    assert len(log.stages) == 2
    assert all("start" not in log.stamped[stage] for stage in log.stages)


def test_activities_in_and_out_are_a_pair_too(read):
    rows = [
        f"KZ{n:03},{activity},2025-03-03 {hour:02}:{n:02}"
        for n in range(3)
        for activity, hour in (("arrive", 8), ("weighing in", 9), ("weighing out", 10))
    ]
    log = read("\n".join(["plate,activity,time", *rows]))
    assert log.stages == ("weighing",)
    assert log.stamped["weighing"] == {"queue", "start", "end"}
