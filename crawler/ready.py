"""What the processes that read are forked from: everything that they need, loaded once for all of them.

Nothing imports this but that process (`pipelines.workers.begin_loading`).
"""

from __future__ import annotations

from crawler.parallel import rules_of

# Where a user has rules of his own, those of a run are another set, and each worker makes it.
rules_of((), ())
