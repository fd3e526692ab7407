"""A text and its marks as blocks to be shown: paragraphs, headings, lists, quotes, code, tables, images in place.

Every line of the text is in exactly one block, and every character of it in a piece, in order: renderers add markup
and lose nothing. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipelines.export import grids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.items import Mark, Span

PieceKind = Literal["text", "link", "code", "image", "player"]
BlockKind = Literal["paragraph", "heading", "item", "code", "table", "divider", "figure"]
_POINTS: dict[str, PieceKind] = {"image": "image", "media": "player"}
_PLAIN_HEADING = 2  # level of a heading that is one only by its looks
_MAX_LINES = 60  # lines that a heading or a link may go over
Cell = list[list["Piece"]]


class Piece(NamedTuple):
    """A stretch of a line, or what stands between two characters of it (an image, a player)."""

    kind: PieceKind
    text: str = ""  # of a player its title
    url: str = ""


@dataclass(slots=True, kw_only=True)
class Block:
    """What is shown as one: `pieces` of one line; the `lines` of code; the cells of a table."""

    kind: BlockKind
    pieces: list[Piece] = field(default_factory=list)
    level: int = 0  # of a heading 1 to 6; of an item how deep it lies, from 1
    is_quoted: bool = False
    continues: bool = False  # a further line of the same item
    lines: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)  # rows of cells of lines of pieces

    def cell_pieces(self) -> Iterator[Piece]:
        """The pieces of a table, in reading order."""
        for row in self.rows:
            for cell in row:
                for line in cell:
                    yield from line


def cut(full_text: str, marks: Sequence[Mark], spans: Sequence[Span]) -> tuple[str, list[Mark]]:
    """The body, and the marks of the full text as marks of it; those of what is cut out are gone."""
    parts: list[str] = []
    starts, ends, removed = [], [], [0]
    at = 0
    for span in spans:
        parts.append(full_text[at : span.start])
        starts.append(span.start)
        ends.append(span.end)
        removed.append(removed[-1] + span.end - span.start)
        at = span.end
    parts.append(full_text[at:])

    def moved(offset: int) -> int:
        number = bisect_right(starts, offset)
        inside = number > 0 and offset < ends[number - 1]
        return (starts[number - 1] - removed[number - 1]) if inside else offset - removed[number]

    kept = []
    for mark in marks:
        start, end = moved(mark.start), moved(mark.end)
        number = bisect_right(starts, mark.start)
        is_gone = number > 0 and mark.start < ends[number - 1] and mark.end <= ends[number - 1]
        if start < end or (mark.start == mark.end and not is_gone):
            kept.append(type(mark)(start=start, end=end, kind=mark.kind, value=mark.value))
    return "".join(parts), kept


def blocks_of(text: str, marks: Sequence[Mark]) -> list[Block]:
    """The blocks of a text whose lines are parted by line feeds. Takes time linear in lines and marks."""
    return list(_Layout(text, marks).blocks())


class _Layout:
    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        self.text = text
        self.lines = text.split("\n") if text else []
        self.starts: list[int] = []
        at = 0
        for line in self.lines:
            self.starts.append(at)
            at += len(line) + 1
        self.points = sorted((m for m in marks if m.start == m.end), key=lambda m: m.start)
        self.point_places = [mark.start for mark in self.points]
        self.quoted = self._depths([m for m in marks if m.kind == "quote"])
        items = [m for m in marks if m.kind == "list_item" and m.start < m.end]
        self.depths = self._depths(items)
        self.item_starts = {m.start for m in items}
        self.in_code = self._covered([m for m in marks if m.kind == "code"])
        self.headings: dict[int, int] = {}
        self.inline: dict[int, list[Mark]] = {}
        for mark in marks:
            if mark.kind == "heading" and mark.start < mark.end:
                level = int(mark.value) if mark.value in set("123456") else _PLAIN_HEADING
                for number in self._lines_of(mark):
                    self.headings.setdefault(number, level)
            elif mark.kind in ("link", "article_link", "code") and mark.start < mark.end:
                for number in self._lines_of(mark):
                    self.inline.setdefault(number, []).append(mark)
        self.grids = {self._line_at(grid.start): grid for grid in grids.grids_of(text, marks)}

    def blocks(self) -> Iterator[Block]:
        number = shown = 0
        while number < len(self.lines):
            start = self.starts[number]
            until = bisect_right(self.point_places, start)
            quoted = self.quoted[number] > 0
            yield from self._standing(self.points[shown:until], is_quoted=quoted)
            shown = max(shown, until)
            grid = self.grids.get(number)
            if grid is not None:
                last = self._line_at(grid.end - 1)
                end = bisect_right(self.point_places, self.starts[last] + len(self.lines[last]))
                yield self._table(grid)
                shown, number = max(shown, end), last + 1
                continue
            if self.in_code[number]:
                last = next((n for n in range(number, len(self.lines)) if not self.in_code[n]), len(self.lines))
                yield Block(kind="code", lines=self.lines[number:last])
                number = last
                continue
            yield self._line(number, is_quoted=quoted)
            end = self._point_end(start + len(self.lines[number]))
            shown, number = max(shown, end), number + 1
        yield from self._standing(self.points[shown:], is_quoted=False)

    def _point_end(self, line_end: int) -> int:
        """Up to which point the points belong to a line that ends there; what stands at the text's end stands alone."""
        find = bisect_left if line_end == len(self.text) else bisect_right
        return find(self.point_places, line_end)

    def _line(self, number: int, *, is_quoted: bool) -> Block:
        start = self.starts[number]
        pieces = self.pieces(start, start + len(self.lines[number]), after=start)
        if number in self.headings:
            return Block(kind="heading", pieces=pieces, level=self.headings[number], is_quoted=is_quoted)
        if self.depths[number]:
            return Block(
                kind="item",
                pieces=pieces,
                level=self.depths[number],
                is_quoted=is_quoted,
                continues=start not in self.item_starts,
            )
        return Block(kind="paragraph", pieces=pieces, is_quoted=is_quoted)

    def _table(self, grid: grids.Grid) -> Block:
        rows = [
            [[self.pieces(start, end, after=grid.start) for start, end in self._line_ranges(cell)] for cell in row]
            for row in grid.rows
        ]
        return Block(kind="table", rows=rows)

    def _line_ranges(self, cell: tuple[int, int] | None) -> Iterator[tuple[int, int]]:
        if cell is None:
            return
        at = cell[0]
        while at < cell[1]:
            end = self.text.find("\n", at, cell[1])
            end = cell[1] if end < 0 else end
            yield at, end
            at = end + 1

    def pieces(self, start: int, end: int, *, after: int) -> list[Piece]:
        """The pieces of a stretch within one line, with the points in it that are beyond the offset `after`."""
        first = bisect_right(self.point_places, max(after, start - 1))
        points = [p for p in self.points[first : self._point_end(end)] if p.kind in _POINTS]
        made: list[Piece] = []
        for kind, url, begin, stop in self._stretches(start, end):
            at = begin
            # Code is not taken apart: what stands in it comes after it.
            while kind != "code" and points and points[0].start < stop:
                made += [Piece(kind, self.text[at : points[0].start], url)] if points[0].start > at else []
                at = max(at, points[0].start)
                made.append(_piece(points.pop(0)))
            made.append(Piece(kind, self.text[at:stop], url))
        return made + [_piece(point) for point in points]

    def _stretches(self, start: int, end: int) -> Iterator[tuple[PieceKind, str, int, int]]:
        """What a stretch is made of: kind, URL, start, end; links inside links are not told apart."""
        at = start
        for mark in sorted(self.inline.get(self._line_at(start), ()), key=lambda m: (m.start, -m.end)):
            first, last = max(mark.start, start), min(mark.end, end)
            if first < at or first >= last:
                continue
            if first > at:
                yield "text", "", at, first
            yield ("code", "", first, last) if mark.kind == "code" else ("link", mark.value, first, last)
            at = last
        if at < end:
            yield "text", "", at, end

    def _standing(self, points: Sequence[Mark], *, is_quoted: bool) -> Iterator[Block]:
        for point in points:
            if point.kind == "divider":
                yield Block(kind="divider")
            elif point.kind in _POINTS:
                yield Block(kind="figure", pieces=[_piece(point)], is_quoted=is_quoted)

    def _line_at(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1

    def _lines_of(self, mark: Mark) -> range:
        first = self._line_at(mark.start)
        return range(first, min(self._line_at(max(mark.start, mark.end - 1)) + 1, first + _MAX_LINES))

    def _depths(self, marks: Sequence[Mark]) -> list[int]:
        """Of each line: how many of `marks` it lies in."""
        changes = [0] * (len(self.lines) + 1)
        for mark in marks:
            if mark.start < mark.end and self.lines:
                changes[self._line_at(mark.start)] += 1
                changes[self._line_at(mark.end - 1) + 1] -= 1
        return _summed(changes)

    def _covered(self, marks: Sequence[Mark]) -> list[bool]:
        """Of each line: whether one of `marks` covers it whole."""
        changes = [0] * (len(self.lines) + 1)
        for mark in marks:
            first = bisect_left(self.starts, mark.start)
            last = self._line_at(mark.end)
            if last >= 0 and mark.end < self.starts[last] + len(self.lines[last]):
                last -= 1
            if first <= last:
                changes[first] += 1
                changes[last + 1] -= 1
        return [depth > 0 for depth in _summed(changes)]


def _piece(point: Mark) -> Piece:
    kind = _POINTS[point.kind]
    return Piece(kind, url=point.value) if kind == "image" else Piece(kind, text=point.value)


def _summed(changes: Sequence[int]) -> list[int]:
    depths, depth = [], 0
    for change in changes[:-1]:
        depth += change
        depths.append(depth)
    return depths
