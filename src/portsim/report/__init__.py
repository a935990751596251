"""The room of the report: one self-contained HTML page made from the record of a study alone.

    write_report(record, folder)              folder/report.html, in English
    page(record, language="zh")               the text of the page, in Chinese
    write_brief(record, folder)               one sheet of A4, for somebody who decides
    write_slides(record, folder)              the same as slides, for a talk
    write_study_page(record, folder)          of a sweep, a sensitivity study, a search, a warm-up
    write_check_pages(record, folder)         the same of a scenario held against a gate log
    write_forecast_pages(record, folder)      and of a forecast
    write_roster_pages(record, folder)        and of a roster
    fit_page(fitted, language)                and of a port told from its log

It asks the record through `portsim.figures` and writes sentences, tables and pictures; no scenario,
no plan and no run may enter. The page needs no network: pictures are inline drawings, style and
script stand in it, and without the script nothing is missing but the values shown where one points.
"""

from portsim.report.brief import brief, write_brief
from portsim.report.checked import check_page, write_check_pages
from portsim.report.fitted import Fitted, fit_page
from portsim.report.forecast import forecast_page, write_forecast_pages
from portsim.report.page import page, write_report
from portsim.report.roster import roster_page, write_roster_pages
from portsim.report.slides import write_slides
from portsim.report.studied import study_page, write_study_page

__all__ = [
    "Fitted",
    "brief",
    "check_page",
    "fit_page",
    "forecast_page",
    "page",
    "roster_page",
    "study_page",
    "write_brief",
    "write_check_pages",
    "write_forecast_pages",
    "write_report",
    "write_roster_pages",
    "write_slides",
    "write_study_page",
]
