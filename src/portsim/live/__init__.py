"""The room of the live page: a scenario as one page in which the compiled engine itself runs.

    write_live(contents(scenario), out)   one HTML file that needs no network and no Python

`engine` is that engine as WebAssembly, `carried` says what the page can lay out anew, `rules` are
calendars, staff and stages as rules, `draws` the trucks packed small, `busiest` chooses the weeks,
`contents` puts them together and `page` writes the file. What happens in the page stands in the
scripts beside them.
"""

from portsim.live.contents import Contents, contents
from portsim.live.page import page, write_live

__all__ = ["Contents", "contents", "page", "write_live"]
