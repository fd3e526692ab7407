"""Markdown as converters write it, as lines of a full text: one line of source, one line of text."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from crawler import text as forms
from crawler.items import Mark
from crawler.pages import inline, inline_scan, lines
from crawler.pages.markdown_links import link_each_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.items import MarkKind

_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)\Z")
_HEADING = re.compile(r"(?P<level>#{1,6})(?:[ \t]+(?P<text>.*))?\Z")
_CLOSING = re.compile(r"[ \t]+#+[ \t]*\Z")
_BULLET = re.compile(r"[-*+](?:[ \t]+|\Z)")
_NUMBER = re.compile(r"\d{1,9}[.)][ \t]+(?=\S)")
_UNDERLINE = re.compile(r" {0,3}(?:={2,}|-{4,})[ \t]*\Z")
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_HTML_BLOCK = re.compile(
    r" {0,3}</?(?:table|thead|tbody|tfoot|tr|td|th|section|div|p|ul|ol|li|pre|figure|figcaption|blockquote|center|"
    r"details|summary|h[1-6]|article|header|footer|iframe|video|audio|mp-[a-z-]{1,30}|colgroup|col)\b[^<>]{0,16384}>",
    re.IGNORECASE,
)
# Tags whose edges break a line; a cell's too, as they are read one after the other.
_BREAKING = frozenset(
    {"table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "section", "div", "p", "ul", "ol", "li", "dl"}
    | {"dt", "dd", "pre", "figure", "figcaption", "blockquote", "center", "details", "summary", "h1", "h2", "h3"}
    | {"h4", "h5", "h6", "article", "header", "footer", "aside", "main", "nav", "br", "hr", "iframe", "video"}
    | {"audio", "form", "fieldset"}
)
_VOID = frozenset({"br", "hr"})
_INVISIBLE = frozenset(
    {"span", "strong", "b", "em", "i", "u", "s", "del", "ins", "font", "small", "big", "sup", "sub", "mark"}
    | {"kbd", "label", "colgroup", "col"}
)
_EMPTY_EMPHASIS = re.compile(r"\A {0,3}(?:\*{4}|_{4})+(?=<)")  # what a converter leaves of a bold table
_CELL_EDGE = re.compile(r"(?<!\\)\|")
_DANGLING = re.compile(r"\]\((?P<url>[^\s()]{1,8192})(?:\s\"[^\"]{0,1024}\")?\)\Z")
_MAX_NESTED = 12  # marks of blocks before one line
_MAX_COMMENT = 200  # lines


def parse(source: Sequence[str]) -> list[lines.Line]:
    """The lines of a full text that the Markdown `source` (its lines) shows, with marks, links and media.

    Blank lines give none. Marks of blocks (heading, quote, list, code, table) are marks of the text; list
    bullets, heading signs and fences are not in it, numbers are.
    """
    fences = _fences(source)
    code = frozenset(chain.from_iterable(range(first, last + 1) for first, last in fences.items()))
    return list(_blocks(link_each_line(source, code), fences))


def _blocks(source: Sequence[str], fences: dict[int, int]) -> Iterator[lines.Line]:
    at = tables = 0
    while at < len(source):
        line = _EMPTY_EMPHASIS.sub("", source[at].rstrip())
        if at in fences:
            for code in source[at + 1 : fences[at]]:
                yield _marked(lines.plain(code), "code")
            at = fences[at] + 1
        elif not line or _FENCE.match(line):
            at += 1  # a fence here opens nothing
        elif line.lstrip().startswith("<!--") and (end := _comment_end(source, at)) is not None:
            at = end
        elif _HTML_BLOCK.match(line):
            end = _html_end(source, at, fences)
            yield from _html_block([line, *source[at + 1 : end]])
            at = end
        elif "|" in line and at + 1 < len(source) and _is_separator(source[at + 1]):
            end = next((i for i in range(at + 2, len(source)) if "|" not in source[i]), len(source))
            tables += 1
            rows = (line, *source[at + 2 : end])
            yield from (_row(row, f"{tables}.{number}") for number, row in enumerate(rows, 1))
            at = end
        elif at + 1 < len(source) and _UNDERLINE.match(source[at + 1]) and _is_paragraph(line):
            level = "1" if "=" in source[at + 1] else "2"
            yield _marked(inline.parse(line.strip()), "heading", level)
            at += 2
        else:
            is_code = at > 0 and not source[at - 1].strip() and line.startswith("    ") and _is_code(line)
            yield from [_marked(lines.plain(line), "code")] if is_code else _line(line)
            at += 1


def _fences(source: Sequence[str]) -> dict[int, int]:
    """Index of each line that opens a code block -> index of the line that closes it."""
    found: dict[int, int] = {}
    opened: tuple[int, str] | None = None
    for at, line in enumerate(source):
        if "```" not in line and "~~~" not in line:
            continue
        match = _FENCE.match(line.rstrip())
        if match is None:
            continue
        if opened is None:
            opened = (at, match["mark"])
        elif match["mark"].startswith(opened[1]) and not match["info"].strip():
            found[opened[0]] = at
            opened = None
    return found


def _is_paragraph(line: str) -> bool:
    return not _HEADING.match(line) and not line.lstrip().startswith((">", "|", "- ", "* "))


def _is_code(line: str) -> bool:
    """Whether an indented line is code and not an indented paragraph, image or list."""
    bare = line.strip()
    return "](" not in bare and not _BULLET.match(bare) and not _NUMBER.match(bare) and bare.isascii()


def _comment_end(source: Sequence[str], at: int) -> int | None:
    for end in range(at, min(at + _MAX_COMMENT, len(source))):
        if source[end].rstrip().endswith("-->"):
            return end + 1
    return None


def _html_end(source: Sequence[str], at: int, fences: dict[int, int]) -> int:
    """The index after a block of HTML: where its tags are closed, else the next blank line."""
    depth = 0
    for end in range(at, len(source)):
        if not source[end].strip() or end in fences:
            return end
        for tag in inline_scan.TAG.finditer(source[end]):
            if tag["name"].lower() in _BREAKING and tag["name"].lower() not in _VOID and not tag["rest"].endswith("/"):
                depth += -1 if tag["close"] else 1
        if depth <= 0:
            return end + 1
    return len(source)


def _is_separator(line: str) -> bool:
    bare = line.strip()
    return "-" in bare and "|" in bare and not set(bare) - set("|:- ")


def _row(source: str, number: str) -> lines.Line:
    """One row of a table: its cells, a space between. `number`: of the table and the row, as marks have it."""
    cells = [inline.parse(cell.strip().replace("\\|", "|")) for cell in _CELL_EDGE.split(source.strip().strip("|"))]
    whole = lines.Line(text="")
    for column, cell in enumerate(cells, 1):
        if not cell.text and not cell.media:
            continue
        start = len(whole.text) + 1 if whole.text else 0
        whole.text = f"{whole.text} {cell.text}" if whole.text else cell.text
        whole.marks.append(Mark(start=start, end=start + len(cell.text), kind="table", value=f"{number}.{column}"))
        whole.marks += [replace(mark, start=mark.start + start, end=mark.end + start) for mark in cell.marks]
        whole.links += cell.links
        whole.media += cell.media
    return whole


def _line(source: str) -> Iterator[lines.Line]:
    """A line outside code, tables and HTML: its block marks read, the rest as text."""
    rest = source.strip()
    marks: list[tuple[MarkKind, str]] = []
    for _ in range(_MAX_NESTED):
        if rest.startswith(">"):
            rest = rest[1:].lstrip()
            marks.append(("quote", ""))
        elif _is_rule(rest):
            yield lines.Line(text="", marks=[Mark(start=0, end=0, kind="divider")])
            return
        elif match := _BULLET.match(rest):
            rest = rest[match.end() :]
            marks.append(("list_item", ""))
        elif match := _HEADING.match(rest):
            rest = _CLOSING.sub("", match["text"] or "")
            marks.append(("heading", str(len(match["level"]))))
            break
        else:
            if _NUMBER.match(rest):
                marks.append(("list_item", ""))
            break
    if rest in ("[", "\\[") or _DANGLING.match(rest):
        return  # the edges of a link around a block
    for part in _BREAK.split(rest) if "`" not in rest else [rest]:
        line = inline.parse(part)
        for kind, value in marks:
            line = _marked(line, kind, value)
        line.raw = source
        yield line


def _is_rule(text: str) -> bool:
    bare = text.replace(" ", "").replace("\t", "")
    return len(bare) > 2 and bare[0] in "-*_" and not bare.strip(bare[0])


def _marked(line: lines.Line, kind: MarkKind, value: str = "") -> lines.Line:
    if forms.is_visible(line.text):
        line.marks.insert(0, Mark(start=0, end=len(line.text), kind=kind, value=value))
    return line


def _html_block(source: Sequence[str]) -> Iterator[lines.Line]:
    """HTML that a converter left as it was: its text, broken into lines where a page would break it."""
    parts: list[str] = []
    in_table = 0
    for line in source:
        at = 0
        for tag in inline_scan.TAG.finditer(line):
            parts.append(line[at : tag.start()])
            at = tag.end()
            name = tag["name"].lower()
            if name in _BREAKING or name.startswith("mp-"):
                in_table += (name == "table") * (-1 if tag["close"] else 1)
                yield from _text(parts, is_cell=in_table > 0 or name == "table")
            elif name not in _INVISIBLE:
                parts.append(tag[0])
        parts.append(line[at:])
        yield from _text(parts, is_cell=in_table > 0)
    yield from _text(parts, is_cell=False)


def _text(parts: list[str], *, is_cell: bool) -> Iterator[lines.Line]:
    source = "".join(parts)
    parts.clear()
    if source.strip():
        line = inline.parse(source)
        yield _marked(line, "table") if is_cell else line
