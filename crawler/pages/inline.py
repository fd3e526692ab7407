"""Markdown inside a line: emphasis, links, images, code, escapes, and the HTML that converters leave."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from crawler import processors
from crawler.items import Link, Mark, Media
from crawler.pages import inline_scan, lines
from crawler.pages.identity import leads_to

if TYPE_CHECKING:
    from crawler.items import MarkKind

_SPECIAL = re.compile(r"[\\`!\[\]<*_~&]")
_TITLE = re.compile(r"""\s{1,9}(?:"[^"\n]{0,1024}"|'[^'\n]{0,1024}')""")
# What stands where the page's own links lead nowhere, as converters escape it.
_SCRIPT = re.compile(r"\((?P<url>javascript:(?:void\\{0,2}\(0\\{0,2}\))?;?)\)")
# Two bold words without a space between, as converters leave them; 138****0000 inside one is a masked number.
_BOLD_AGAIN = "****"
_ADJACENT = re.compile(
    r"((?<!\*)(?:\*\*|(?<=\*\*))[^*\s][^*]{0,200})(?:(?<!\d)\*{4}|\*{4}(?!\d))(?=[^*\s][^*]{0,200}\*\*(?!\*{3}))"
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AUTOLINK = re.compile(r"<(https?://[^\s<>]{1,4096})>")
_COMMENT = re.compile(r"<!--[^<>]{0,2000}-->")
_ATTRIBUTE = re.compile(r"""\b(data-src|src|href|data-w|alt)\s{0,4}=\s{0,4}(?:"([^"]{0,8192})"|'([^']{0,8192})')""")
_URL_STOP = re.compile(r"[\s()]|\\.", re.DOTALL)
_MAX_URL = 8192  # code points
_MAX_OPEN = 4  # parentheses inside one another in a URL
# A picture of a vault: ![[folder/a.png||20]]
_EMBEDDED = re.compile(r"(?i)!\[\[[^\[\]\n]{1,512}\.(?:png|jpe?g|gif|webp|svg|bmp|avif)(?:\|[^\[\]\n]{0,64})?\]\]")
# A picture in the URL itself: spaces may stand in it, no words of a text.
_DATA = re.compile(
    r"data:image/[^()\n\u2e80-\u9fff\uff00-\uffef]*+(?:\([^()\n\u2e80-\u9fff\uff00-\uffef]*+\)[^()\n\u2e80-\u9fff\uff00-\uffef]*+)*+(?=\))"
)


@dataclass(slots=True)
class _Frame:
    end: int  # where the link's text ends
    after: int  # where reading goes on
    start: int  # offset in the output
    url: str


@dataclass(slots=True)
class _Out:
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    marks: list[Mark] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    profile: str | None = None

    def write(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)


def parse(source: str) -> lines.Line:
    """One line of Markdown (no line feed, no block marks) as text with marks, links and media.

    Every character that is no markup is in the text. Takes time linear in the line's length.
    """
    if _BOLD_AGAIN in source:
        source = _ADJACENT.sub(r"\1", source)
    if _SPECIAL.search(source) is None:
        return lines.plain(source)
    out = _Out()
    formulas = inline_scan.formulas(source)
    dropped = inline_scan.emphasis(source, formulas)
    brackets = inline_scan.brackets(source)
    ticks = inline_scan.backticks(source)
    tags = inline_scan.paired_tags(source)
    frames: list[_Frame] = []
    at = 0
    while at < len(source):
        if frames and at >= frames[-1].end:
            at = max(at, _close(frames.pop(), out))
            continue
        limit = frames[-1].end if frames else len(source)
        special = _SPECIAL.search(source, at, limit)
        if special is None:
            out.write(source[at:limit])
            at = limit
            continue
        out.write(source[at : special.start()])
        if formulas and (end := inline_scan.end_of_formula(formulas, special.start())):
            at = min(end, limit)
            out.write(source[special.start() : at])
            continue
        at = _step(source, special.start(), out, frames, (dropped, brackets, ticks, tags))
    while frames:
        _close(frames.pop(), out)
    return _line(out)


_Maps = tuple[dict[int, int], dict[int, int], dict[int, list[int]], frozenset[int]]


def _step(source: str, at: int, out: _Out, frames: list[_Frame], maps: _Maps) -> int:
    """Reads what begins at the special character at `at`; gives where reading goes on."""
    dropped, brackets, ticks, tags = maps
    char = source[at]
    if at in dropped:
        return dropped[at]
    if char == "`":
        return _code(source, at, out, ticks)
    if char == "<":
        return _html(source, at, out, frames, tags)
    if char in "![" and (end := _bracketed(source, at, out, frames, brackets)):
        return end
    return _character(source, at, out)


def _character(source: str, at: int, out: _Out) -> int:
    """A character that stands for itself, or one that was escaped."""
    if source[at] == "\\" and (match := _ESCAPE.match(source, at)):
        out.write(match[1])
        return match.end()
    if source[at] == "&" and (match := _ENTITY.match(source, at)):
        out.write(html.unescape(match[0]))
        return match.end()
    out.write(source[at])
    return at + 1


def _bracketed(source: str, at: int, out: _Out, frames: list[_Frame], brackets: dict[int, int]) -> int | None:
    """A link or image that begins at `at`; None where it is only a bracket."""
    is_image = source[at] == "!"
    bracket = at + is_image
    if is_image and (embedded := _EMBEDDED.match(source, at)):
        out.marks.append(Mark(start=out.length, end=out.length, kind="image", value=""))
        return embedded.end()
    end = brackets.get(bracket)
    found = _destination(source, end + 1) if end is not None else None
    if end is None or found is None:
        return None
    url, after = found
    if is_image:
        _image(url, source[bracket + 1 : end], out)
        return after
    frames.append(_Frame(end=end, after=after, start=out.length, url=url))
    return at + 1


def _destination(source: str, at: int) -> tuple[str, int] | None:
    """The URL in the parentheses that open at `at`, and where they end; a title beside it is dropped."""
    if source[at : at + 1] != "(":
        return None
    if script := _SCRIPT.match(source, at):
        return script["url"], script.end()
    start = at + 1
    while source[start : start + 1] in (" ", "\t"):
        start += 1
    end = _url_end(source, start)
    title = _TITLE.match(source, end)
    after = title.end() if title else end
    while source[after : after + 1] in (" ", "\t"):
        after += 1
    if source[after : after + 1] != ")":
        return None
    return _ESCAPE.sub(r"\1", source[start:end].strip("<>")), after + 1


def _url_end(source: str, start: int) -> int:
    """Where the URL from `start` on ends: before white space or a parenthesis that it did not open."""
    if source[start : start + 1] == "<":
        return source.find(">", start, start + _MAX_URL) + 1 or start
    depth = 0
    limit = start + _MAX_URL
    if picture := _DATA.match(source, start, limit):
        return picture.end()
    while stop := _URL_STOP.search(source, start, limit):
        char = stop[0]
        depth += (char == "(") - (char == ")")
        if char.isspace() or not 0 <= depth <= _MAX_OPEN:
            return stop.start()
        start = stop.end()
    return min(limit, len(source))


def _code(source: str, at: int, out: _Out, ticks: dict[int, list[int]]) -> int:
    run = inline_scan.TICKS.match(source, at)
    width = len(run[0]) if run else 1
    ends = ticks.get(width, [])
    place = bisect_right(ends, at)
    if place >= len(ends):
        out.write(source[at : at + width])
        return at + width
    end = ends[place]
    start = out.length
    out.write(source[at + width : end])
    out.marks.append(Mark(start=start, end=out.length, kind="code"))
    return end + width


def _html(source: str, at: int, out: _Out, frames: list[_Frame], tags: frozenset[int]) -> int:
    if match := _AUTOLINK.match(source, at):
        start = out.length
        out.write(match[1])
        _linked(out, start, match[1])
        return match.end()
    if match := _COMMENT.match(source, at):
        return match.end()
    match = inline_scan.TAG.match(source, at)
    if match is None:
        out.write("<")
        return at + 1
    return _tag(source, match, out, frames, tags)


def _tag(source: str, match: re.Match[str], out: _Out, frames: list[_Frame], tags: frozenset[int]) -> int:
    name, opens = match["name"].lower(), not match["close"]
    if name == "img" and opens and (url := _attribute(match["rest"], "data-src", "src")):
        _image(url, "", out)
    elif name == "br":
        out.write(" ")
    elif match.start() not in tags:
        out.write("<")
        return match.start() + 1
    elif name == "a" and opens and not frames and (url := _attribute(match["rest"], "href")):
        end = source.find("</a", match.end())
        if end >= 0:
            frames.append(_Frame(end=end, after=end, start=out.length, url=html.unescape(url)))
    return match.end()


def _attribute(rest: str, *names: str) -> str | None:
    found = {name: double or single for name, double, single in _ATTRIBUTE.findall(rest)}
    return next((found[name] for name in names if found.get(name)), None)


def _image(url: str, alt: str, out: _Out) -> None:
    address = processors.url(url)
    out.marks.append(Mark(start=out.length, end=out.length, kind="image", value=address or ""))
    if address:
        out.media.append(Media(kind="image", url=address, title=alt.strip() or None))


def _close(frame: _Frame, out: _Out) -> int:
    """Ends a link; gives where reading goes on."""
    if frame.url.lower().startswith("javascript:"):
        if out.profile is None:
            out.profile = "".join(out.pieces)[frame.start :]
    else:
        _linked(out, frame.start, frame.url)
    return frame.after


def _linked(out: _Out, start: int, url: str) -> None:
    address = processors.url(url)
    if address is None:
        return
    # The mark's value is the link's number until the text is tidy and may have lost it.
    out.marks.append(Mark(start=start, end=out.length, kind="link", value=str(len(out.urls))))
    out.urls.append(address)


def _line(out: _Out) -> lines.Line:
    text, marks = lines.tidy("".join(out.pieces), out.marks)
    texts = [""] * len(out.urls)
    placed = []
    for mark in marks:
        if mark.kind != "link":
            placed.append(mark)
        elif mark.start < mark.end:
            number = int(mark.value)
            url = out.urls[number]
            texts[number] = text[mark.start : mark.end]
            kind: MarkKind = "article_link" if leads_to(url) else "link"
            placed.append(replace(mark, kind=kind, value=url))
    links = [
        Link(url=url, text=shown, kind="article" if leads_to(url) else "link")
        for url, shown in zip(out.urls, texts, strict=True)
    ]
    marks = placed
    return lines.Line(text=text, marks=marks, links=links, media=out.media, profile=lines.plain(out.profile or "").text)
