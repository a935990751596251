"""The room of the live page: a scenario as one page in which the compiled engine itself runs.

    live(scenario).write(out)   one HTML file that needs no network and no Python

`engine` is that engine as WebAssembly, `carried` says what the page can lay out anew, `rules` are
calendars, staff and stages as rules, `draws` the trucks packed small, `busiest` chooses the weeks,
`contents` puts them together and `page` writes the file. What happens in the page stands in the
scripts beside them.
"""

from portsim.livepage.contents import Contents, contents
from portsim.livepage.notebook import LivePage, beside, kept, live
from portsim.livepage.page import page

__all__ = ["Contents", "LivePage", "beside", "contents", "kept", "live", "page"]
