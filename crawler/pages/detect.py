"""What kind of thing a capture is, told from its content and never from its name."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from crawler.pages.document import Document

Kind = Literal["html", "mhtml", "json", "markdown", "text"]

_HEAD = 4096
_SPACE = " \t\r\n\f\v\u3000\ufeff"  # a byte order mark among it, where tools have put something before it
_SAMPLE = 65_536  # code points in which signs of Markdown are looked for
# WeChat's own pages begin with a comment that has tags in it: <!--headTrap<body></body>...-->.
_COMMENT = re.compile(r"<!--(?!-?>)(?:[^-]|-(?!->)){0,2000}+-->\s{0,200}")
_MOST_COMMENTS = 8
# The content area of an article, its quotes escaped or not.
_AREA_NAMES = (b"js_content", b"rich_media_content")
_CONTENT_AREA = re.compile(
    rb"<(?:div|section|article)\s[^<>]{0,400}?\b(?:id|class)\s?=\s?[\\\"']{0,3}[^\"'<>\\]{0,200}\b(?:js_content|rich_media_content)\b"
)
_MARKUP = re.compile(rb"<(?:(?:script|style)\b[^>]*+>[^<]*+(?:<(?!/(?:script|style))[^<]*+)*+|[^>]*+>)", re.IGNORECASE)
_MOSTLY = 0.5
_DOCUMENT = re.compile(r"<(?:!doctype\s{1,9}html|html|head|body|\?xml)\b", re.IGNORECASE)
_TAG = re.compile(
    r"<(?:meta|title|script|style|link|div|section|article|main|p|span|table|ul|ol|h[1-6]|img|a|iframe|noscript|center)\b",
    re.IGNORECASE,
)
_HEADER = re.compile(r"[A-Za-z][-A-Za-z0-9]{0,60}:")
_FRONT_MATTER = re.compile(r"---[ \t]{0,9}\r?\n[^\n:]{1,60}:|\+\+\+[ \t]{0,9}\r?\n[\w-]{1,60} {0,4}= {0,4}\S")
# Signs of Markdown, each with characters of which it has one: looking for these is many times faster.
_SIGNS = (
    ("#", re.compile(r"^ {0,3}#{1,6} {1,4}\S", re.MULTILINE)),
    ("[", re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,2000}\)")),
    ("[", re.compile(r"(?<!!)\[[^\]\n]{0,300}\]\((?:https?:|javascript:|#)[^)\n]{0,4000}\)")),
    ("*", re.compile(r"\*\*[^*\n]{1,400}\*\*")),
    ("`~", re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)),
    (">", re.compile(r"^ {0,3}> ?\S", re.MULTILINE)),
)
_TITLE = re.compile(r"\s{0,200}(?:!\[[^\]\n]{0,300}\]\([^)\n]{0,2000}\)\s{0,200})?# {1,4}\S")
_PROOFS = 3  # the first three signs are enough alone: a heading, an image, a link


def kind_of(document: Document) -> Kind:
    """The kind of `document`."""
    head = document.utf8[:_HEAD].decode("utf-8", "ignore").lstrip(_SPACE)
    if head[:1] in "{[" and _is_json(document):
        return "json"
    if _is_mail(head):
        return "mhtml"
    plain = _without_comments(head)
    if _DOCUMENT.match(plain) or _holds_page(document.utf8, plain):
        return "html"
    if _TAG.match(plain):
        return "markdown" if is_markdown(document.text, at_least=2) else "html"
    return "markdown" if is_markdown(document.text) else "text"


def _holds_page(utf8: bytes, start: str) -> bool:
    """Whether an article's page is in `utf8`, whatever stands before it: a server's directive, a warning, a quote.

    A text about such pages may quote some of their markup; most of it is text.
    """
    if not any(name in utf8 for name in _AREA_NAMES) or not _CONTENT_AREA.search(utf8):
        return False
    return start.startswith("<") or len(_MARKUP.sub(b"", utf8)) < _MOSTLY * len(utf8)


def _without_comments(head: str) -> str:
    """`head` from behind the comments that it begins with."""
    at = 0
    for _ in range(_MOST_COMMENTS):
        comment = _COMMENT.match(head, at)
        if comment is None:
            break
        at = comment.end()
    return head[at:]


def _is_mail(head: str) -> bool:
    """Whether the text begins with the header of a web archive."""
    if not _HEADER.match(head):
        return False
    header = [line.lower() for line in head.splitlines()[:40]]
    return any(line.startswith("mime-version:") for line in header) and "multipart/" in head.lower()


def _is_reader(start: str) -> bool:
    """Whether the text begins as reader services print it: Title:, URL Source:, ... Markdown Content:."""
    if not start.startswith(("Title:", "URL Source:")):
        return False
    return any(line.startswith("Markdown Content:") for line in start[:_HEAD].splitlines()[:30])


def _is_json(document: Document) -> bool:
    text = document.text.strip()
    try:
        json.loads(text)
    except ValueError:
        pass
    except RecursionError:
        return True
    else:
        return True
    # Several objects, one a line.
    first, _, rest = text.partition("\n")
    try:
        return bool(rest) and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def is_markdown(text: str, *, at_least: int = 1) -> bool:
    """Whether `text` is Markdown: by a front matter, a title line, a link or image, or two other signs of it.

    `at_least` is how many signs it takes where one of them is a link or image.
    """
    sample = text[:_SAMPLE]
    start = sample.lstrip()
    if _FRONT_MATTER.match(start) or _is_reader(start) or _TITLE.match(sample):
        return True
    signs = [any(char in sample for char in chars) and bool(sign.search(sample)) for chars, sign in _SIGNS]
    return sum(signs) >= (at_least if any(signs[1:_PROOFS]) else 2)
