"""The gate log's dictionary: what names of columns and activities say in four languages.

Names only: what stands in the cells is looked at elsewhere, and may say otherwise.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "LIFECYCLE",
    "Saying",
    "direction_of",
    "key_of",
    "looks_like_header",
    "saying",
    "spaced",
    "way_of",
]

_W = r"(?<![^\W\d_])(?:{})(?![^\W\d_])"
"""Whole words; a digit or an underscore parts words too."""


def _words(words: str, chinese: str = "") -> re.Pattern[str]:
    parts = _W.format(words)
    return re.compile(f"{parts}|{chinese}" if chinese else parts, re.IGNORECASE)


_STAMPS = {
    "queue": _words(
        r"arriv\w*|queue\w*|enqueue\w*|join\w*|прибы\w*|приезд\w*|приех\w*|подъезд\w*|очеред\w*"
        r"|постановк\w*|ankunft\w*|angekommen|eintreff\w*|warteschlange",
        "到达|抵达|到港|到场|排队|入队|到岗",
    ),
    "start": _words(
        r"start\w*|begin|begins|begun|began|beginning|commence\w*|нач\w*|старт\w*|beginn\w*"
        r"|anfang\w*|(?:from|von|с)(?=$)",
        r"开始|起始|启动|起(?=时|$)|(?<=\w{3})s?(?:beginn|anfang)\b",
    ),
    "end": _words(
        r"end|ends|ended|ending|finish\w*|complet\w*|done|stop\w*|оконч\w*|коне\w*|конца"
        r"|заверш\w*|законч\w*|финиш\w*|ende|abschluss\w*|fertig\w*|beend\w*|abgeschlossen"
        r"|(?:until|to|bis|по)(?=$)",
        r"结束|完成|完毕|截止|终止|完(?=$)|止(?=时|$)|(?<=\w{3})s?ende\b",
    ),
}
_ENTRY = _words(
    r"entry|entrance|enter\w*|check.?in|gate.?in|въезд\w*|заезд\w*|регистрац\w*|einfahrt|einreise"
    r"|eingang|anmeldung|registration",
    "进场|入场|进入|进境|入境|登记",
)
_FILLING = _words(
    r"time|times|date|datetime|timestamp|stamp|ts|dt|at|of|the|when|hour|moment|truck|trucks"
    r"|vehicle|port|border|crossing|utc|local|время|времени|дата|даты|дату|в|на|из|порт\w*"
    r"|час|тс|автомобиля|авто|границ\w*|zeit|uhrzeit|zeitpunkt|datum|der|des|die|das|dem|um|am|im"
    r"|zum|zur|lkw|hafen",
    "时间|时刻|日期|车辆|货车|卡车|口岸|的|于",
)
_ROLES = (
    ("load", _words(
        r"weight|tonn\w*|tons|gross|net|mass|load|kg|вес|масс\w*|тонн\w*|брутто|нетто|\w*gewicht"
        r"|masse|zuladung", "重量|毛重|净重|吨|载重|公斤|千克")),
    ("value", _words(
        r"value|amount|price|usd|eur|cny|стоимост\w*|сумма|цена|\w*wert|betrag|preis",
        "货值|价值|金额|总价|价格")),
    ("lifecycle", _words(
        r"lifecycle|life cycle|transition|status|state|phase|жизненн\w*|статус|фаза|состояние"
        r"|event.?type", "状态|生命周期")),
    ("activity", _words(
        r"activity|event|step|task|operation|stage|concept:name|активност\w*|событи\w*|этап|операци\w*"
        r"|действие|aktivit\w*|ereignis|schritt|vorgang", "活动|环节|事件|操作名|步骤|工序")),
    ("direction", _words(
        r"direction|import.?export|export.?import|flow|направлени\w*|импорт\w*|экспорт\w*|ввоз\w*"
        r"|richtung|einfuhr\w*|ausfuhr\w*", "方向|进出口|进出境|流向")),
    ("resource", _words(
        r"resource|officer|lane|booth|inspector|clerk|desk|window|operator|инспектор\w*"
        r"|сотрудник\w*|полос\w*|оператор\w*|канал|окно|beamte\w*|spur|schalter|bearbeiter\w*"
        r"|ressource", "关员|通道|车道|操作员|工位|查验员|人员|窗口|卡口号")),
    ("truck", _words(
        r"plate|plates|licen[cs]e|reg(?:istration)?.?(?:no|nr|number)\w*|truck|vehicle|case|trace"
        r"|гос.?номер\w*|грз|номер|автомобил\w*|машин\w*|тягач|тс|kennzeichen|\w*kennzeichen"
        r"|fahrzeug|lkw", "车牌|车号|号牌|车辆|案例")),
    ("truck_class", _words(
        r"class|type|category|cargo|goods|commodity|kind|freight|тип|класс|категори\w*|груз\w*"
        r"|вид|товар\w*|typ|\w*klasse|art|ladung|fracht|warenart|kategorie",
        "车型|类型|货物|货类|货种|类别|品名|种类")),
)  # fmt: skip
_NOT_A_TRUCK = _words(
    r"деклараци\w*|очеред\w*|пост\w*|declaration|row|record|п.?п|trailer|прицеп\w*|anhänger"
    r"|driver|водител\w*|fahrer|телефон\w*|phone|name",
    "序号|报关单|挂车|司机|电话|驾驶员",
)
_CODED = {
    "case:concept:name": "truck",
    "concept:name": "activity",
    "lifecycle:transition": "lifecycle",
    "time:timestamp": "time",
    "org:resource": "resource",
    "case:class": "truck_class",
    "case:direction": "direction",
    "case:tonnes": "load",
}
"""Names that standards have: IEEE 1849-2016 (XES), and the tables of tools for it."""
_SIMPLE = str.maketrans(
    "車號貨類達時間開結啟進場離噸價員環節狀態動驗單報關隊終種稱輛證閘貿稅檢過磅後",
    "车号货类达时间开结启进场离吨价员环节状态动验单报关队终种称辆证闸贸税检过磅后",
)
"""Traditional characters, which are read as simplified ones."""
_UNTIMED = _words("duration|minutes|длительность|dauer|wait_s", "时长|用时")

_IN_OR_OUT = {
    "in": _words("in|ein|rein|вход|заход", "进(?=$)"),
    "out": _words("out|aus|raus|выход", "出(?=$)"),
}
_PORT = _words(
    "gate|gates|yard|terminal|site|check|кпп|терминал|hof|tor", "闸口|卡口|大门|场|港|境|口"
)
"""What trucks come into and leave: its in and out are two stages, or arrival and leaving."""

LIFECYCLE = {
    **dict.fromkeys(("start", "started", "begin", "начало", "старт", "beginn", "开始"), "start"),
    **dict.fromkeys(
        (
            "complete",
            "completed",
            "end",
            "finish",
            "finished",
            "done",
            "окончание",
            "конец",
            "завершение",
            "завершено",
            "ende",
            "abschluss",
            "fertig",
            "结束",
            "完成",
        ),
        "end",
    ),
    **dict.fromkeys(
        (
            "schedule",
            "enqueue",
            "queue",
            "queued",
            "arrive",
            "arrival",
            "очередь",
            "прибытие",
            "ankunft",
            "排队",
            "到达",
        ),
        "queue",
    ),
}
"""What steps of a lifecycle stamp."""

_WAYS = {
    "import": re.compile(
        r"imp(?:ort\w*)?|in|inbound|inward|arrival|импорт\w*|ввоз\w*|въезд\w*"
        r"|einfuhr\w*|einreise|进口|进境|入境|进"
    ),
    "export": re.compile(
        r"exp(?:ort\w*)?|out|outbound|outward|departure|экспорт\w*|вывоз\w*|выезд\w*"
        r"|ausfuhr\w*|ausreise|出口|出境|出"
    ),
}


@dataclass(frozen=True, slots=True)
class Saying:
    """What a name says."""

    role: str = ""
    """Role of a column that is no stamp; empty if the name says none."""
    stamp: str = ""
    """``queue``, ``start`` or ``end``; empty if the name does not say."""
    stage: str = ""
    """What is left of the name without words that say when: the stage; may be empty."""
    entry: bool = False
    """Whether it may be the arrival, if nothing else is."""
    timed: bool = False
    """Whether it says that it is a time."""


def spaced(name: str) -> str:
    """A name with spaces between its words, whatever parts them."""
    text = unicodedata.normalize("NFKC", name).replace("ё", "е").replace("Ё", "Е")
    text = text.translate(_SIMPLE)
    text = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])", " ", text)
    return " ".join(re.sub(r"[\s_/.,;()\[\]|-]+", " ", text).split())


def key_of(name: str) -> str:
    """Names with one key are one name."""
    return spaced(name).casefold().strip(" :")


def direction_of(text: str) -> str:
    """``import`` or ``export`` where a text in one of the languages says so, else the text."""
    key = key_of(text)
    return next((way for way, words in _WAYS.items() if words.fullmatch(key)), text)


def saying(name: str) -> Saying:
    """What the name of a column or an activity says."""
    coded = _CODED.get(name.strip().casefold())
    if coded is not None:
        return Saying("" if coded == "time" else coded, timed=coded == "time")
    # Attributes of a trace are told by their own names.
    text = spaced(re.sub(r"^case:(?=.)", "", name.strip()))
    timed = bool(_FILLING.search(text))
    role = "" if _UNTIMED.search(text) else _role(text)
    for stamp, pattern in _STAMPS.items():
        match = pattern.search(text)
        if match is not None:
            rest = pattern.sub(" ", text)
            return Saying(role, stamp, _stage(rest), stamp == "queue", timed=True)
    return Saying(role, "", _stage(text), bool(_ENTRY.search(text)), timed)


def way_of(stage: str) -> tuple[str, str]:
    """A stage without the last word of its name, and ``in`` or ``out`` if it was one of these.

    Not of a gate or a yard.
    """
    for way, pattern in _IN_OR_OUT.items():
        rest = _stage(pattern.sub(" ", stage))
        if rest and rest != stage and not _PORT.search(rest):
            return rest, way
    return stage, ""


def _role(text: str) -> str:
    for role, pattern in _ROLES:
        if pattern.search(text) and not (role == "truck" and _NOT_A_TRUCK.search(text)):
            return role
    return ""


def _stage(text: str) -> str:
    rest = " ".join(_FILLING.sub(" ", text).split()).strip(" :-")
    return rest if re.search(r"[^\W\d_]", rest) else ""


def looks_like_header(cells: Sequence[str]) -> float:
    """How many cells have names that say something; values say nothing."""
    return sum(
        1.0 if (known := saying(cell)).role or known.stamp or known.entry else 0.5 * known.timed
        for cell in cells
        if cell and len(cell) <= 80
    )
