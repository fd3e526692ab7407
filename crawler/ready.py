"""What the processes that read are forked from: everything that they need, loaded once for all of them.

Nothing imports this but that process (`pipelines.workers.begin_loading`).
"""

from __future__ import annotations

import crawler.parallel  # noqa: F401 - and all that it needs
from crawler.pages import Limits
from pipelines.derive import Recipe

# Where a user has rules of his own, those of a run are another set, and each worker makes it.
Recipe(limits=Limits()).rules()
