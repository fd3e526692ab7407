"""Fakes for running text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.scrub.fakes import DATE, HAN
from crawler.scrub.ids import EMAIL, URL, fake_id, kept_units, scrub_email, scrub_url
from crawler.scrub.keeping import without_gaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.scrub.fakes import Faker
    from crawler.scrub.vocabulary import Vocabulary

_SHORT = re.compile(rf"[{HAN}](?:\s{{0,4}}[{HAN}]){{1,3}}")
_TOKEN = re.compile("[A-Za-z0-9_-]+")
_WORD = re.compile(rf"[{HAN}]+|[A-Za-z][A-Za-z0-9_-]*|\d+|.", re.DOTALL)
_LONGEST_WORD = 12  # letters; what is longer may be an account's id
_FIXED = frozenset({"name", "url", "email", "date", "mixed"})
_GROUPS = ("name", "url", "email", "date", "mixed", "han", "latin", "digits")


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
            stays = without_gaps(stays)
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
        return (
            digits
            if len(digits) < 3 or is_year or stays or digits in self.vocabulary.numbers
            else self.faker.number(digits)
        )
