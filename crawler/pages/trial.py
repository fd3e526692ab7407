"""Parses a page in a process of its own, which the system ends when that takes too long or too much memory.

Run as a program it reads HTML from standard input and prints how deep and how many its elements are; it imports
nothing of the project, so that it starts at once.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.pages.document import Limits

SECONDS = 2  # of processor time, for start and parse; the largest real page takes a tenth of one
MEMORY = 2 * 2**30  # bytes of address space
MANY = 4  # times `max_nodes`: nodes that a parser may make, text and what it adds included


def verdict(html: bytes, limits: Limits) -> str | None:
    """What makes a page more than a parser should be given, seen by parsing it; None where it is not."""
    command = [sys.executable, "-I", __file__, str(limits.max_depth), str(limits.max_nodes * MANY)]
    try:
        done = subprocess.run(command, input=html, capture_output=True, check=False)  # noqa: S603 - our own file
    except OSError as error:
        return f"its tags are nested too oddly to be judged here, and it could not be tried ({error.strerror})"
    if done.returncode:
        return f"a parser does not end with it within {SECONDS} s and {MEMORY // 2**30} GB"
    return done.stdout.decode("ascii") or None


def _parse(max_depth: int, max_nodes: int) -> str:
    """What makes the page on standard input too much; empty where it is not."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - within the limits that were set

    root = LexborHTMLParser(sys.stdin.buffer.read()).root
    depth, count = 0, 0
    node = root
    while node is not None:
        count += 1
        if depth > max_depth + 2:
            return f"elements more than {max_depth} deep in one another"
        if count > max_nodes:
            return f"a parser makes more than {max_nodes} nodes of it"
        if node.child is not None:
            node, depth = node.child, depth + 1
            continue
        while node is not None and node.next is None:
            node, depth = (node.parent, depth - 1) if depth > 0 else (None, 0)
        node = node.next if node is not None else None
    return ""


def _main() -> int:
    import resource  # noqa: PLC0415 - not there where the module is only imported, on systems without it

    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    if sys.platform.startswith("linux"):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    sys.stdout.write(_parse(int(sys.argv[1]), int(sys.argv[2])))
    return 0


if __name__ == "__main__":
    raise SystemExit(_main())
