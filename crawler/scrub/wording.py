"""Fakes for running text, and which of its characters stay."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.scrub.fakes import DATE, HAN, NEUTRAL
from crawler.scrub.ids import EMAIL, URL, fake_id, kept_units, scrub_email, scrub_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawler.items import Span
    from crawler.scrub.fakes import Faker

_PAGES = Path(__file__).parents[1] / "pages"
_HAN_WORD = re.compile(f"[{HAN}]{{2,}}")
_LATIN_WORD = re.compile(r"(?<![\\A-Za-z])(?=([A-Za-z]{2,}))(?=([A-Za-z][A-Za-z0-9_-]+))")
_LETTERS = re.compile("[A-Za-z]{3,}")
_QUOTED = re.compile(r"[“\"「『《【‘\[]([^“”\"「」『』《》【】‘’\[\]\n]{1,24})[”\"」』》】’\]]")
_LABEL = re.compile(rf"[{HAN}]{{1,8}}(?=\s{{0,3}}[:：/｜|丨])")
_JOINING = re.compile("[及和与等由系为自于]")  # between names, and before them
_RUN = re.compile(f"[{HAN}]+")
_LABELLED = re.compile(r"[:：|｜丨]([^。！？!?\n]{1,80})")
_SHORT = re.compile(rf"[{HAN}](?:\s{{0,4}}[{HAN}]){{1,3}}")
_TOKEN = re.compile("[A-Za-z0-9_-]+")
_WORD = re.compile(rf"[{HAN}]+|[A-Za-z][A-Za-z0-9_-]*|\d+|.", re.DOTALL)


_IN_A_ROW = 4
_HEADING = 6
_LONGEST_WORD = 12  # letters; what is longer may be an account's id
_FIXED = frozenset({"name", "url", "email", "date", "mixed"})
_GROUPS = ("name", "url", "email", "date", "mixed", "han", "latin", "digits")


class Vocabulary:
    """Words that are nobody's: those that the project's own data asks for."""

    def __init__(self, patterns: Iterable[str], phrases: Iterable[str] = ()) -> None:
        """`patterns`: texts or regular expressions, of which the words count; `phrases` count as they are."""
        given = list(patterns)
        phrases = [phrase for phrase in phrases if phrase]
        self.texts = frozenset(given) | frozenset(phrases)
        self.han = frozenset(word for text in given for word in _HAN_WORD.findall(text)) | frozenset(NEUTRAL["words"])
        latin = {word.lower() for text in given for words in _LATIN_WORD.findall(text) for word in words}
        self.latin = frozenset(latin) | frozenset(NEUTRAL["latin"])
        every = sorted({*self.han, *phrases}, key=lambda word: (-len(word), word))
        self._any = re.compile("|".join(map(re.escape, every)) or r"(?!)")

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where words of it stand in `text`."""
        for match in self._any.finditer(text):
            yield match.span()
        for match in _LETTERS.finditer(text):
            if match[0].lower() in self.latin:
                yield match.span()

    def __contains__(self, word: str) -> bool:
        return word in self.han or word.lower() in self.latin


@lru_cache(maxsize=1)
def labels() -> tuple[str, ...]:
    """Every text of the readers' own data (labels, notices, page chrome, names of fields)."""
    return tuple(
        text for file in sorted(_PAGES.glob("*.toml")) for text in texts_of(tomllib.loads(file.read_text("utf-8")))
    )


def texts_of(value: Any) -> Iterator[str]:
    """Every text in `value` (of TOML), keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for member in pair for text in texts_of(member))
    elif isinstance(value, list):
        yield from (text for member in value for text in texts_of(member))


def kept_places(
    text: str, spans: Sequence[Span], rule_words: Vocabulary, *, whole: bool = False, in_body: bool = False
) -> list[bool]:
    """For each character of `text`, whether it stays.

    Of spans the words that rules know and what little stands between them, of some kinds labels too. `whole` keeps
    the sentences of kinds that are told by their wording, less what is quoted or labelled; `in_body` the words
    that rules know wherever they stand, few in a row.
    """
    kept = [False] * len(text)
    for span in spans:
        part = text[span.start : span.end]
        if whole and span.kind in NEUTRAL["whole_if_needed"] and NEUTRAL["blocks"] not in span.rule:
            _mark(kept, span.start, 0, len(part), stays=True)
            dropped = (_QUOTED, _LABELLED) if span.kind in NEUTRAL["labelled"] else (_QUOTED,)
            for match in (match for pattern in dropped for match in pattern.finditer(part)):
                _mark(kept, span.start, *match.span(1), stays=False)
        elif span.kind in NEUTRAL["labelled"]:
            for match in (match for pattern in (_LABEL, _JOINING) for match in pattern.finditer(part)):
                _mark(kept, span.start, *match.span(), stays=True)
        _mark_words(kept, span.start, part, rule_words)
        _close_gaps(kept, text, span)
        if span.kind in NEUTRAL["titles"] or NEUTRAL["blocks"] in span.rule:
            kept[span.start : span.end] = _few_in_a_row(kept[span.start : span.end], part)
    if in_body:
        words = [False] * len(text)
        _mark_words(words, 0, text, rule_words)
        kept = [one or other for one, other in zip(kept, _few_in_a_row(words, text), strict=True)]
    return kept


def _few_in_a_row(kept: list[bool], text: str) -> list[bool]:
    """`kept` less what of a stretch is beyond `_IN_A_ROW` characters; a line (a heading) may be a little longer."""
    made = list(kept)
    for match in _RUN.finditer(text):
        start, end = match.span()
        alone = (start == 0 or text[start - 1] == "\n") and text[end : end + 1] in {"", "\n"}
        if alone and end - start <= _HEADING:
            continue
        count = 0
        for place in range(start, end):
            count = count + 1 if kept[place] else 0
            made[place] = kept[place] and count <= _IN_A_ROW
    return made


def _close_gaps(kept: list[bool], text: str, span: Span) -> None:
    """Marks single characters beside kept ones: a particle, no name."""
    for match in _RUN.finditer(text, span.start, span.end):
        start, end = match.span()
        flags = kept[start:end]
        for place in range(start, end):
            at = place - start
            alone = (at == 0 or flags[at - 1]) and (place + 1 == end or flags[at + 1])
            if not flags[at] and alone and end - start > 1:
                kept[place] = True


def _mark(kept: list[bool], offset: int, start: int, end: int, *, stays: bool) -> None:
    kept[offset + start : offset + end] = [stays] * (end - start)


def _mark_words(kept: list[bool], offset: int, text: str, words: Vocabulary) -> None:
    """Marks the words in `text`, spaced out ones too."""
    places = [place for place, char in enumerate(text) if not char.isspace()]
    for start, end in words.places("".join(text[place] for place in places)):
        if places[end - 1] - places[start] < 2 * (end - start):
            _mark(kept, offset, places[start], places[end - 1] + 1, stays=True)


def _spaced(name: str) -> str:
    """A pattern for `name`; names of people may be spaced out."""
    return r"\s{0,4}".join(name) if _SHORT.fullmatch(name) else re.escape(name)


class Wording:
    """Replaces running text."""

    def __init__(self, faker: Faker, vocabulary: Vocabulary, names: Iterable[str]) -> None:
        """`names` are replaced as wholes wherever they stand; a name that is a word of the vocabulary is none."""
        self.faker = faker
        self.vocabulary = vocabulary
        self.names = sorted(
            {name for name in names if len(name) > 1 and name not in vocabulary}, key=lambda name: (-len(name), name)
        )
        named = "|".join(map(_spaced, self.names)) or r"(?!)"
        self._token = re.compile(
            rf"(?P<name>{named})|(?P<url>{URL.pattern})|(?P<email>{EMAIL.pattern})|(?P<date>{DATE.pattern}(?:T(?=\d\d:))?)"
            rf"|(?P<mixed>\d+[A-Za-z][A-Za-z0-9_-]{{5,}})|(?P<han>[{HAN}]+)|(?P<latin>[A-Za-z][A-Za-z0-9_-]*)|(?P<digits>\d+)",
            re.IGNORECASE,
        )

    def fake(self, text: str, kept: Sequence[bool] | None = None) -> tuple[list[str], list[bool]]:
        """What stands in place of each character of `text`, and which of these do not depend on where they stand.

        Of a fake that is longer or shorter than what it replaces, all is at the first place.
        """
        made = list(text)
        fixed = [False] * len(text)
        at = 0
        while match := self._token.search(text, at):
            at = max(match.end(), match.start() + 1)
            group = next(name for name in _GROUPS if match[name])
            fake = getattr(self, f"_{group}")(match, kept)
            size = len(match[0])
            made[match.start() : match.end()] = fake if len(fake) == size else [fake, *[""] * (size - 1)]
            if group in _FIXED:
                fixed[match.start() : match.end()] = [True] * size
        return made, fixed

    def name(self, name: str) -> str:
        """The fake of a name."""
        if not _TOKEN.fullmatch(name):
            return "".join(self._of_word(word) for word in _WORD.findall(name))
        made = fake_id(name, self.faker)
        return made if made != name else self.faker.word(name)

    def _of_word(self, word: str) -> str:
        if re.match(f"[{HAN}]", word):
            return self.faker.han(word)
        made = fake_id(word, self.faker)
        return made if made != word else self.faker.word(word)

    def _name(self, match: re.Match[str], kept: Sequence[bool] | None) -> str:
        fake = iter(self.name("".join(match[0].split()) if _SHORT.fullmatch(match[0]) else match[0]))
        return "".join(char if char.isspace() and _SHORT.fullmatch(match[0]) else next(fake, "") for char in match[0])

    def _url(self, match: re.Match[str], kept: Sequence[bool] | None) -> str:
        found = URL.match(match[0])
        return scrub_url(found, self.faker) if found else match[0]

    def _email(self, match: re.Match[str], kept: Sequence[bool] | None) -> str:
        found = EMAIL.match(match[0])
        return scrub_email(found, self.faker) if found else match[0]

    def _date(self, match: re.Match[str], kept: Sequence[bool] | None) -> str:
        return DATE.sub(self.faker.date, match[0])

    def _han(self, match: re.Match[str], kept: Sequence[bool] | None) -> str:
        run, start = match[0], match.start()
        if kept is None:
            stays = [False] * len(run)
            for first, last in self.vocabulary.places(run):
                stays[first:last] = [True] * (last - first)
        else:
            stays = list(kept[start : match.end()])
        if run[0] in kept_units() and start and match.string[start - 1].isdigit():
            stays[0] = True
        made, at = "", 0
        while at < len(run):
            end = at + 1
            while end < len(run) and stays[end] == stays[at]:
                end += 1
            made += run[at:end] if stays[at] else self.faker.han(run[at:end])
            at = end
        return made

    def _mixed(self, match: re.Match[str], kept: Sequence[bool] | None) -> str:
        made = fake_id(match[0], self.faker)
        return made if made != match[0] else self.faker.word(match[0])

    def _latin(self, match: re.Match[str], kept: Sequence[bool] | None) -> str:
        token = match[0]
        if token.lower() in self.vocabulary.latin:
            return token
        stays = kept is not None and kept[match.start()]
        if stays and token.isalpha() and len(token) <= _LONGEST_WORD:
            return token
        made = fake_id(token, self.faker)
        return made if made != token else self.faker.word(token)

    def _digits(self, match: re.Match[str], kept: Sequence[bool] | None) -> str:
        digits = match[0]
        is_year = len(digits) == 4 and digits[:2] in {"19", "20"}
        stays = kept is not None and kept[match.start()] and len(digits) < 5
        return digits if len(digits) < 3 or is_year or stays else self.faker.number(digits)
