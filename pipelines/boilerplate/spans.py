"""From labelled stretches of a full text to the spans that are cut out of it, and back.

Offsets are code points of the full text, half-open. White space beside a cut goes with it, so that the body reads
as one text: none of it stays at the body's ends, and between two neighbours one separator does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.items import BoilerplateKind, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Cut(NamedTuple):
    """A stretch of the full text to cut out, without a thought for the white space around it."""

    start: int
    end: int
    kind: BoilerplateKind
    rule: str


def make_spans(full_text: str, cuts: Iterable[Cut]) -> list[Span]:
    """The spans of `cuts`: sorted, not overlapping (the earlier and longer wins), white space shared out.

    Spans on different lines stay apart; in one line touching spans of one kind become one, rule ids joined by "+".
    In a full text, where a run of white space is one character, at most one separator stays between two
    neighbours: the line feed if there is one.
    """
    clusters = _clusters(full_text, _joined(full_text, _disjoint(full_text, cuts)))
    spans: list[Span] = []
    for cluster in clusters:
        start, end = _with_white_space(full_text, cluster[0].start, cluster[-1].end)
        starts = [start, *(cut.start for cut in cluster[1:])]
        ends = [*starts[1:], end]
        spans += [
            Span(start=s, end=e, kind=cut.kind, rule=cut.rule) for cut, s, e in zip(cluster, starts, ends, strict=True)
        ]
    return spans


def body_of(full_text: str, spans: Sequence[Span]) -> str:
    """`full_text` less `spans`, which are sorted and do not overlap."""
    pieces, position = [], 0
    for span in spans:
        pieces.append(full_text[position : span.start])
        position = span.end
    pieces.append(full_text[position:])
    return "".join(pieces)


def rebuild(body: str, removed: Iterable[tuple[int, int, str]]) -> str:
    """The full text from its body and the removed pieces: (start, end, text), offsets in the full text.

    Raises:
        ValueError: the pieces overlap, or their lengths or places do not fit the body.
    """
    pieces: list[str] = []
    length = position = 0
    for start, end, text in sorted(removed):
        kept = start - length
        if kept < 0 or position + kept > len(body) or end - start != len(text):
            raise ValueError(f"the piece at {start}-{end} does not fit")
        pieces += [body[position : position + kept], text]
        position += kept
        length = end
    pieces.append(body[position:])
    return "".join(pieces)


def _disjoint(full_text: str, cuts: Iterable[Cut]) -> list[Cut]:
    """`cuts` trimmed to what is no white space, clipped to the text and to one another."""
    result: list[Cut] = []
    reached = 0
    for cut in sorted(cuts, key=lambda c: (c.start, -c.end)):
        start, end = max(cut.start, reached), min(cut.end, len(full_text))
        while start < end and full_text[start].isspace():
            start += 1
        while end > start and full_text[end - 1].isspace():
            end -= 1
        if start < end:
            result.append(cut._replace(start=start, end=end))
            reached = end
    return result


def _joined(full_text: str, cuts: list[Cut]) -> list[Cut]:
    """`cuts` with the neighbours of one kind in one line, only spaces apart, made one."""
    result: list[Cut] = []
    for cut in cuts:
        if result and result[-1].kind == cut.kind:
            last = result[-1]
            between = full_text[last.end : cut.start]
            if (not between or between.isspace()) and "\n" not in full_text[last.start : cut.start]:
                ids = last.rule.split("+")
                rule = last.rule if cut.rule in ids else f"{last.rule}+{cut.rule}"
                result[-1] = last._replace(end=cut.end, rule=rule)
                continue
        result.append(cut)
    return result


def _clusters(full_text: str, cuts: list[Cut]) -> list[list[Cut]]:
    """`cuts` in groups between which some of the body stands."""
    result: list[list[Cut]] = []
    for cut in cuts:
        between = full_text[result[-1][-1].end : cut.start] if result else "body"
        if between and not between.isspace():
            result.append([cut])
        else:
            result[-1].append(cut)
    return result


def _with_white_space(full_text: str, start: int, end: int) -> tuple[int, int]:
    """The cut from `start` to `end` with the white space beside it that goes too."""
    left, right = start, end
    while left > 0 and full_text[left - 1].isspace():
        left -= 1
    while right < len(full_text) and full_text[right].isspace():
        right += 1
    if left == 0 or right == len(full_text):
        return left, right
    if left == start or right == end:
        return start, end
    if "\n" not in full_text[left:start] and "\n" in full_text[end:right]:
        return left, full_text.rindex("\n", end, right)
    feed = full_text.find("\n", left, start)
    return (feed if feed >= 0 else left) + 1, right
