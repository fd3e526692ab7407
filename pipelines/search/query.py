"""What a query says: words to a tree. Every text is a query; what is no syntax is searched for as it stands.

    扶贫 资金           both            "GPT 4o"        a phrase: its blanks and signs are meant
    扶贫 OR 脱贫        either          title:扶贫       in one field: title, author, account, body
    扶贫 -招标          not this        (A OR B) NOT C  groups; NOT and - are the same
    扶贫*               as without *: any part of a text is found anyway; a quote in a phrase is written twice

AND, OR and NOT are operators in capitals and between words; a parenthesis at the beginning of a word that is closed
later opens a group.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from crawler.text import storable
from pipelines.search.fold import fold

Field = Literal["title", "author", "account", "body"]
FIELDS: tuple[Field, ...] = get_args(Field)
# More than anybody writes by hand; the commonest characters, so many at once, take the index seconds.
LONGEST_QUERY = 2_000  # code points
MOST_WORDS = 32
_DEEPEST = 16


class QueryError(ValueError):
    """A query that cannot be asked; the message says what can."""


@dataclass(frozen=True, slots=True)
class Word:
    """Text that is looked for."""

    folded: str  # in normal form, never empty
    fields: frozenset[Field]


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be found."""

    operand: Node


@dataclass(frozen=True, slots=True)
class All:
    """Every one of two or more."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of two or more."""

    operands: tuple[Node, ...]


Node = Word | Not | All | AnyOf


@dataclass(slots=True)
class _Token:
    """A piece of a query; `minus` and `field` stand before it."""

    kind: Literal["word", "phrase", "and", "or", "not", "open", "close"]
    text: str
    minus: bool = False
    field: Field | None = None

    def literally(self) -> _Token:
        """The same, taken as a word."""
        return _Token("word", ("-" if self.minus else "") + (f"{self.field}:" if self.field else "") + self.text)


_PHRASE = re.compile(r'"((?:[^"]|"")*)"')
_EMPTY_GROUP = re.compile(r"\(\s*\)")
_OPERATORS: dict[str, Literal["and", "or", "not"]] = {"AND": "and", "OR": "or", "NOT": "not"}


def parse(query: str, fields: frozenset[Field] = frozenset(FIELDS)) -> Node:
    """The tree of `query`; words without a field are looked for in `fields`.

    Raises:
        QueryError: nothing to look for, or far too much.
    """
    if len(query) > LONGEST_QUERY:
        raise QueryError(f"a query has at most {LONGEST_QUERY} characters, this one {len(query)}")
    tokens = _settle_operators(_tokens(storable(query)))
    if sum(token.kind in ("word", "phrase") for token in tokens) > MOST_WORDS:
        raise QueryError(f"a query has at most {MOST_WORDS} words")
    tree = _Parser(tokens, fields).any_of()
    if tree is None:
        raise QueryError("nothing to search for: give a word of at least one visible character")
    return tree


def quoted(text: str) -> str:
    """The query that looks for `text` as it stands."""
    return '"' + text.replace('"', '""') + '"'


def words(tree: Node) -> list[Word]:
    """The words that are to be found: those of `tree` that stand under no `Not`."""
    match tree:
        case Word():
            return [tree]
        case Not():
            return []
        case All(operands=operands) | AnyOf(operands=operands):
            return [word for operand in operands for word in words(operand)]


def _tokens(query: str) -> list[_Token]:
    """The tokens of `query`, every group of which is closed."""
    # Places of parentheses that open no group: there is nothing in it, or nothing closes it.
    literal = {match.start() for match in _EMPTY_GROUP.finditer(query)}
    while True:
        tokens, unclosed = _try_tokens(query, literal)
        if not unclosed:
            return tokens
        literal |= unclosed


def _try_tokens(query: str, literal: set[int]) -> tuple[list[_Token], set[int]]:
    """The tokens, and the places of parentheses that open a group which nothing closes."""
    tokens: list[_Token] = []
    opened: list[int] = []
    place = 0
    while place < len(query):
        if query[place].isspace():
            place += 1
        elif query[place] == ")" and opened:
            opened.pop()
            tokens.append(_Token("close", ")"))
            place += 1
        else:
            place, token = _token(query, place, literal, depth=len(opened))
            if token.kind == "open":
                opened.append(place - 1)
            tokens.append(token)
    return tokens, set(opened)


def _token(query: str, start: int, literal: set[int], *, depth: int) -> tuple[int, _Token]:
    """Where the token ends that begins at `start`, and the token."""
    minus = query[start] == "-" and query[start + 1 : start + 2].strip() not in ("", "-", ")")
    place = start + minus
    field = next((name for name in FIELDS if query.startswith(f"{name}:", place)), None)
    if field and query[place + len(field) + 1 : place + len(field) + 2].strip() not in ("", ")"):
        place += len(field) + 1
    else:
        field = None
    if phrase := _PHRASE.match(query, place):
        return phrase.end(), _Token("phrase", phrase[1].replace('""', '"'), minus, field)
    if query[place] == "(" and place not in literal and depth < _DEEPEST:
        return place + 1, _Token("open", "(", minus, field)
    end = _end_of_word(query, place, in_group=depth > 0)
    if query[start:end] in _OPERATORS:
        return end, _Token(_OPERATORS[query[start:end]], query[start:end])
    text = query[place:end]
    return end, _Token("word", text.rstrip("*") or text, minus, field)


def _end_of_word(query: str, place: int, *, in_group: bool) -> int:
    """Where a word ends: at white space, or at a parenthesis that closes a group and none of the word's own."""
    own = 0
    for end in range(place, len(query)):
        character = query[end]
        if character.isspace():
            return end
        if character == "(":
            own += 1
        elif character == ")":
            if own == 0 and in_group and end > place:
                return end
            own = max(0, own - 1)
    return len(query)


def _settle_operators(tokens: list[_Token]) -> list[_Token]:
    """Takes operators literally that have nothing to operate on."""
    settled: list[_Token] = []
    for number, token in enumerate(tokens):
        following = tokens[number + 1].kind if number + 1 < len(tokens) else None
        goes_on = following in ("word", "phrase", "open") or (following == "not" and token.kind != "not")
        before = settled[-1].kind if settled else None
        has_left = token.kind == "not" or before in ("word", "phrase", "close")
        is_idle = token.kind in ("and", "or", "not") and not (goes_on and has_left)
        settled.append(token.literally() if is_idle else token)
    return settled


class _Parser:
    """Recursive descent: OR binds least, then AND (or nothing between words), then NOT. Nothing is None."""

    def __init__(self, tokens: list[_Token], fields: frozenset[Field]) -> None:
        self.tokens = tokens
        self.fields = fields
        self.place = 0

    def any_of(self) -> Node | None:
        operands = [self.all_of()]
        while self._take("or"):
            operands.append(self.all_of())
        return _joined(AnyOf, operands)

    def all_of(self) -> Node | None:
        operands: list[Node | None] = []
        while self.place < len(self.tokens) and self.tokens[self.place].kind not in ("or", "close"):
            if not self._take("and"):
                operands.append(self.operand())
        return _joined(All, operands)

    def operand(self) -> Node | None:
        if self._take("not"):
            return _negated(self.operand()) if self.place < len(self.tokens) else None
        token = self.tokens[self.place]
        self.place += 1
        outer = self.fields
        self.fields = frozenset((token.field,)) if token.field else outer
        node: Node | None
        if token.kind == "open":
            node = self.any_of()
            self._take("close")
        else:
            folded = fold(token.text)
            node = Word(folded, self.fields) if folded else None
        self.fields = outer
        return _negated(node) if token.minus else node

    def _take(self, kind: str) -> bool:
        if self.place < len(self.tokens) and self.tokens[self.place].kind == kind:
            self.place += 1
            return True
        return False


def _negated(node: Node | None) -> Node | None:
    return None if node is None else node.operand if isinstance(node, Not) else Not(node)


def _joined(kind: type[All] | type[AnyOf], operands: list[Node | None]) -> Node | None:
    """One node of `operands`; those of its own kind are its own, the same is there once."""
    flat: list[Node] = []
    for operand in operands:
        flat.extend(operand.operands if isinstance(operand, kind) else () if operand is None else (operand,))
    unique = tuple(dict.fromkeys(flat))
    return None if not unique else unique[0] if len(unique) == 1 else kind(unique)
