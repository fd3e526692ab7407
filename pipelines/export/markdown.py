"""A document as Markdown: front matter, then blocks, then the slip in a comment.

What is escaped is what CommonMark, GitHub, Obsidian or `crawler.pages.markdown_blocks` would take for markup; read
back, each line gives the same text. Only http and https addresses become links.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler import processors
from crawler.pages.exported_forms import PLAYER, SLIP_COMMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipelines.export.blocks import Block, Piece
    from pipelines.export.document import Document

_ALWAYS = re.compile(r"[\\`*\[\]~$]")
_UNDERSCORES = re.compile(r"_+")
# A stretch may end where they begin: what follows it decides.
_TAG = re.compile(r"<(?=[A-Za-z/!?]|\Z)")
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]{0,32}(?:;|\Z))")
_DOUBLED = re.compile(r"(?:==|%%)")
# What begins a block where it begins a line.
_OPENING = re.compile(r"(?:[>]|[-+](?=\s|\Z)|#{1,6}(?=\s|\Z)|[-=]+\s*\Z|[-|: ]+\Z|(?:- ?){3,}\Z)")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|\Z)")
_CLOSING = re.compile(r"(?<=\s)(#+)\Z")
_URL_SIGNS = re.compile(r"[\\()\[\]]")
_RUN = re.compile(r"`+")


def render_markdown(document: Document) -> str:
    """The whole file. Ends with a line feed."""
    lines = ["---", *_front_matter(document), "---", ""]
    if "title" in document.values:
        lines += [f"# {_closed(escape(str(document.values['title'])))}", ""]
    lines += body_lines(document.blocks)
    if document.slip is not None:
        lines += ["", f"{SLIP_COMMENT}{_comment(json.dumps(document.slip, ensure_ascii=False))} -->"]
    return "\n".join(lines).rstrip("\n") + "\n"


def _front_matter(document: Document) -> Iterator[str]:
    """YAML, each value on a line; text in double quotes, as JSON writes it."""
    for name, value in document.values.items():
        is_bare = isinstance(value, bool) or name in ("published_at", "captured_at", "modified_at")
        yield (
            f"{name}: {str(value).lower() if isinstance(value, bool) else value}"
            if is_bare
            else (f"{name}: {json.dumps(value, ensure_ascii=False)}")
        )
    if document.credits:
        names = [f"{role}: {name}" if role else name for role, name in document.credits]
        yield f"credits: {json.dumps(names, ensure_ascii=False)}"


def _comment(text: str) -> str:
    r"""JSON that cannot end a comment: `<`, `>` and `--` as `\u` escapes."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("--", "-\\u002d")


def body_lines(blocks: Sequence[Block]) -> list[str]:
    """The blocks as lines of Markdown."""
    out: list[str] = []
    before: Block | None = None
    for block in blocks:
        is_list = before is not None and block.kind == before.kind == "item" and block.is_quoted == before.is_quoted
        # Indented behind anything but its item, it would be code.
        shown = block if is_list or not block.continues else replace(block, kind="paragraph")
        lines = list(_lines(shown))
        if lines in ([], [""]):
            continue
        prefix = "> " if block.is_quoted else ""
        if is_list and block.continues:
            out[-1] += "  "
        elif before is not None and not is_list:
            out.append(">" if block.is_quoted and before.is_quoted else "")
        out += [prefix + line for line in lines]
        before = shown
    return out


def _lines(block: Block) -> Iterable[str]:
    if block.kind in _OF_BLOCK:
        return _OF_BLOCK[block.kind](block)
    text = inline(block.pieces)
    if block.kind == "heading":
        return [f"{'#' * block.level} {_closed(text)}"]
    if block.kind == "item":
        return [_item(block, text)]
    return [opened(text)]


def _figure(block: Block) -> list[str]:
    return [_player(piece) if piece.kind == "player" else _inline(piece) for piece in block.pieces]


def _item(block: Block, text: str) -> str:
    # Deeper than two, a line would be code to some.
    indent = "  " * min(block.level - 1, 1)
    if block.continues:
        return f"{indent}  {opened(text)}"
    return indent + (text if _NUMBER.match(text) else f"- {opened(text)}")


def _fenced(block: Block) -> list[str]:
    longest = max((len(run) for line in block.lines for run in _RUN.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, *block.lines, fence]


def _table(block: Block) -> Iterator[str]:
    for number, row in enumerate(block.rows):
        cells = ("<br>".join(inline(line) for line in cell).replace("|", "\\|") for cell in row)
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"| {' | '.join('---' for _ in row)} |"


_OF_BLOCK: dict[str, Callable[[Block], Iterable[str]]] = {
    "divider": lambda _: ["---"],
    "code": _fenced,
    "table": _table,
    "figure": _figure,
}


def inline(pieces: Sequence[Piece]) -> str:
    """The pieces of a line."""
    made = ""
    for piece in pieces:
        if piece.kind == "link" and made.endswith("!"):
            made = f"{made[:-1]}\\!"  # else it would be an image
        # Two stretches of code side by side would be one.
        is_glued = piece.kind == "code" and made.endswith("`")
        made += escape(piece.text) if is_glued else _inline(piece)
    return made


def _inline(piece: Piece) -> str:
    if piece.kind == "image":
        return f"![]({_address(piece.url)})" if processors.url(piece.url) else ""
    if piece.kind == "player":
        return ""  # inside a line it would be read as text
    if piece.kind == "code":
        return _code(piece.text)
    if piece.kind == "link" and processors.url(piece.url):
        # What begins as a player does would be taken for one.
        text = escape(piece.text).replace("▶", "&#9654;")
        return f"[{text}]({_address(piece.url)})"
    return escape(piece.text)


def _player(piece: Piece) -> str:
    target = f"]({_address(piece.url)})" if processors.url(piece.url) else "]"
    return f"{PLAYER}{escape(piece.text or 'media')}{target}"


def _code(text: str) -> str:
    if text.startswith("`") or text.endswith("`") or text != text.strip():
        return escape(text)
    fence = "`" * (max((len(run) for run in _RUN.findall(text)), default=0) + 1)
    return f"{fence}{text}{fence}"


def _address(url: str) -> str:
    return _URL_SIGNS.sub(r"\\\g<0>", url)


def escape(text: str) -> str:
    """A stretch of a line, every sign of markup in it escaped."""
    if text == "[":
        return "&#91;"  # alone on a line, even escaped, it is half of a link to some
    text = _ALWAYS.sub(r"\\\g<0>", text)
    text = _ENTITY.sub(r"\\&", text)
    text = _TAG.sub("&lt;", text)
    text = _DOUBLED.sub(r"\\\g<0>", text)
    return _UNDERSCORES.sub(lambda match: _underscores(match, text), text) if "_" in text else text


def _underscores(match: re.Match[str], text: str) -> str:
    """Between letters an underscore is none of emphasis."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return match[0] if before.isalnum() and after.isalnum() else "\\_" * len(match[0])


def opened(text: str) -> str:
    """A line that is text, escaped inside already, so that it begins no heading, list, quote or rule."""
    if _OPENING.match(text):
        return f"\\{text}"
    return _NUMBER.sub(r"\1\\\2", text, count=1) if _NUMBER.match(text) else text


def _closed(text: str) -> str:
    """The text of a heading, so that no `#` at its end is taken for its close."""
    return _CLOSING.sub(r"\\\1", text) if text.strip("#") else f"\\{text}"


def render_book_entry(document: Document) -> str:
    """One article of several in one file: title, who and when, text."""
    values = document.values
    about = [str(values[name]) for name in ("account", "author", "published_at", "url") if name in values]
    lines = [f"# {_closed(escape(document.title))}", "", *([f"*{escape(' · '.join(about))}*", ""] if about else [])]
    return "\n".join([*lines, *body_lines(document.blocks)]).rstrip("\n") + "\n"
