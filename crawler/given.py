"""What `-s NAME=VALUE` on the command line says, looked at before anything is begun."""

from __future__ import annotations

import logging
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import default_settings

from crawler import settings as own_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

_SWITCHES = frozenset({"0", "1", "true", "false", "True", "False"})  # as Scrapy reads them
_ALIKE = 0.8


def check_given(pairs: Iterable[str]) -> None:
    """Refuses a value that its setting cannot have, and a name that is one of ours but for a slip.

    Args:
        pairs: NAME=VALUE, as given.

    Raises:
        UsageError: one of them cannot be meant so; the message says what can.
    """
    for pair in pairs:
        name, is_pair, value = pair.partition("=")
        if is_pair:
            _check_name(name)
            _check_value(name, value)


def _known() -> dict[str, Any]:
    return {
        name: value
        for module in (default_settings, own_settings)
        for name, value in vars(module).items()
        if name.isupper()
    }


def _check_name(name: str) -> None:
    known = _known()
    if name in known:
        return
    own = [one for one in vars(own_settings) if one.isupper()]
    if alike := get_close_matches(name, own, n=1, cutoff=_ALIKE):
        raise UsageError(f"there is no setting {name}; did you mean {alike[0]}?", print_help=False)


def _check_value(name: str, value: str) -> None:
    usual = _known().get(name)
    wanted = None
    if isinstance(usual, bool):
        wanted = None if value in _SWITCHES else "1 or 0"
    elif isinstance(usual, int) and not hasattr(default_settings, name):
        wanted = None if _is_number(int, value) else "a whole number"
    elif isinstance(usual, (int, float)):
        wanted = None if _is_number(float, value) else "a number"
    elif name == "LOG_LEVEL" and value.upper() not in logging.getLevelNamesMapping():
        wanted = "DEBUG, INFO, WARNING, ERROR or CRITICAL"
    if wanted:
        usually = f" (usually {usual})" if name != "LOG_LEVEL" else ""
        raise UsageError(f"{name}={value}: {name} is {wanted}{usually}", print_help=False)


def _is_number(kind: type[int | float], value: str) -> bool:
    try:
        kind(value)
    except ValueError:
        return False
    return True


class ProjectCommand(ScrapyCommand):
    """A command of the project: it refuses settings that cannot be meant."""

    requires_project = True
    requires_crawler_process = False

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Looks at `-s` before Scrapy takes it."""
        check_given(opts.set)
        super().process_options(args, opts)
