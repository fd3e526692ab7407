"""What makes a command start soon: only what it needs is loaded."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = "crawler.commands"


def commands_module(argv: Sequence[str]) -> str:
    """Where Scrapy is to look for the project's commands: the one that `argv` names, or all of them.

    Scrapy loads every command before it runs one, and all that they need; that takes longer than most of them run.
    """
    word = next((word for word in argv[1:] if not word.startswith("-")), "")
    if not word.isidentifier() or word.startswith("_"):
        return COMMANDS
    own = f"{COMMANDS}.{word}"
    return own if find_spec(own) else COMMANDS
