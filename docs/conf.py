"""How Sphinx builds the manual: `make docs`. What a page says does not enter here."""

import importlib.metadata
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "portsim"
author = "the authors of portsim"
copyright = author  # noqa: A001 - Sphinx reads this name
release = importlib.metadata.version("portsim")

extensions = [
    "myst_parser",
    "filled_pages",
]
myst_enable_extensions = ["deflist", "dollarmath", "colon_fence"]
myst_heading_anchors = 3
exclude_patterns = ["_ext", "_static"]
# Drawn by the browser: the manual is read where there is no network, too.
html_math_renderer = "mathml"
default_role = "code"
html_theme = "furo"
html_title = f"portsim {release}"
html_static_path = ["_static"]
html_css_files = ["manual.css"]
html_show_sphinx = False
html_copy_source = False
