"""The file that learned rules are written to: ordinary rules in TOML, for people to read, edit and copy."""

from __future__ import annotations

import json
import os
import tempfile
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.text import tidy_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipelines.boilerplate.learn import LearnedRule

_HEADER = """\
# Rules learned from the articles themselves: lines that recur at the head or tail of one account's articles.
# They are ordinary rules. Delete what should stay in the body; `support` articles of `of` have the line there,
# `position` lines from the edge. Learning again replaces this file: copy the rules to keep into one of your own.
"""


def write_rules(rules: Iterable[LearnedRule], path: Path) -> None:
    """Writes `rules` to `path` as TOML, whole or not at all; the same rules give the same bytes.

    Raises:
        OSError: the file cannot be written; one that was there is as it was.
    """
    # In the folder of the file: a rename is atomic only within one file system.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(render_rules(rules))
            file.flush()
            os.fsync(file.fileno())
        new.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def render_rules(rules: Iterable[LearnedRule]) -> str:
    """`rules` as the text of such a file, by account, head before tail, from the edge inwards."""
    ordered = sorted(rules, key=lambda r: (r.account, r.where != "head", r.position, r.id))
    parts = [_HEADER]
    for account, group in groupby(ordered, key=lambda r: r.account):
        parts.append(f"\n# {tidy_line(account)}\n")
        parts += [_entry(rule) for rule in group]
    return "".join(parts)


def _entry(rule: LearnedRule) -> str:
    fields: dict[str, str | int | bool] = {
        "id": rule.id,
        "kind": rule.kind,
        "account": rule.account,
        "where": rule.where,
    }
    if rule.line:
        fields["line"] = rule.line
    else:
        fields["pattern"] = rule.pattern
        fields["unit"] = "line"
        fields["longest"] = _longest(rule)
        fields["example"] = rule.example
    if rule.near is not None:
        fields["near"] = rule.near
    fields |= {"support": rule.support, "of": rule.of, "position": rule.position}
    return "\n[[rule]]\n" + "".join(f"{name} = {_value(value)}\n" for name, value in fields.items())


def _longest(rule: LearnedRule) -> int:
    """Folded characters that a line of this pattern may have: the example's, and some digits more."""
    return len(rule.example) + 40


def _value(value: str | int | bool) -> str:
    # A JSON string without escapes for other scripts is a TOML basic string, but for U+007F.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
