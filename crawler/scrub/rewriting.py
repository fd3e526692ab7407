"""Raw captures rewritten: markup, scripts, JSON and text, each with what is said in it faked and its form kept."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from crawler.scrub.fakes import HAN, kept_suffixes
from crawler.scrub.ids import EMAIL, URL, is_reader, scrub_email, scrub_ids, scrub_url, without_reader
from crawler.scrub.known import is_content, may_take
from crawler.scrub.units import plain, units, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.scrub.known import Known
    from crawler.scrub.wording import Wording

_HAN = re.compile(rf"[{HAN}]|\\u[3-9a-fA-F][0-9a-fA-F]{{3}}|&#(?:\d{{5}}|x[3-9a-fA-F][0-9a-fA-F]{{3}});")
_BLOCK = re.compile(
    r"(?P<script><script\b[^>]*>)(?P<code>.*?)(?=</script|\Z)|(?P<style><style\b[^>]*>.*?(?:</style[^>]*>|\Z))"
    r"|(?P<tag><[A-Za-z/!?][^<>]*>)",
    re.DOTALL | re.IGNORECASE,
)
# Tags inside a string, however often they are escaped.
_OPEN, _CLOSE = r"(?:<|\\+x3c|\\+u003c|(?:&|\\+x26)(?:amp;)*lt;)", r"(?:>|\\+x3e|\\+u003e|(?:&|\\+x26)(?:amp;)*gt;)"
_INNER_TAG = re.compile(rf"{_OPEN}[A-Za-z/!](?:(?!{_OPEN}|{_CLOSE}).){{0,8000}}{_CLOSE}", re.DOTALL | re.IGNORECASE)
_INNER_JSON = re.compile(r"\s{0,99}[\[{][\s\[{]{0,99}((?:&amp;)?&quot;|&amp;quot;|\\+x22|\\+\"|\\+u0022|\\x26quot;)")
_STRING = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)
_ATTRIBUTE = re.compile(r"([A-Za-z_:@][\w:.-]*)(\s{0,9}=\s{0,9})(\"[^\"]*\"|'[^']*')")
_FORM = frozenset({"style", "class", "id", "type", "charset", "http-equiv", "name", "property", "rel"})
_CHARSET = re.compile(r"(charset\s{0,3}=\s{0,3}[\"']?)(?:gb\w{1,6}|big5\w{0,6}|utf-?16\w{0,3})", re.IGNORECASE)


class Rewriter:
    """Rewrites one capture."""

    def __init__(self, wording: Wording, known: Known, texts: frozenset[str]) -> None:
        """`texts`: values of the reading; a string that is one of them is text even without an ideograph."""
        self.wording, self.known, self.texts = wording, known, texts
        self.faker = wording.faker
        latin = [re.escape(name) for name in wording.names if not _HAN.search(name)]
        self._names = re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(latin)})(?![A-Za-z0-9_])") if latin else None

    def html(self, text: str) -> str:
        """A page."""
        text = without_reader(text)
        made: list[str] = []
        at = 0
        for match in _BLOCK.finditer(text):
            made.append(self.text(text[at : match.start()]))
            if match["script"]:
                made += (self._tag(match["script"]), self.script(match["code"]))
            else:
                made.append(self._tag(match["tag"]) if match["tag"] else self.code(match["style"]))
            at = match.end()
        made.append(self.text(text[at:]))
        return _CHARSET.sub(r"\1utf-8", "".join(made))

    def script(self, code: str) -> str:
        """JavaScript: strings as what they hold, ids in the rest."""
        return _between(_STRING, code, lambda match: match[0][0] + self.value(match[0][1:-1]) + match[0][-1], self.code)

    def plain(self, text: str) -> str:
        """A dump, plain text, Markdown."""
        return _between(_INNER_TAG, text, lambda match: self._tag(match[0]), self.text)

    def json(self, text: str) -> str:
        """A JSON value, or one a line."""
        try:
            return self._dumped(json.loads(text), text)
        except ValueError:
            return "\n".join(
                self._dumped(json.loads(line), line) if line.strip() else line for line in text.split("\n")
            )

    def _dumped(self, value: Any, like: str) -> str:
        escaped = "\\u" in like
        return json.dumps(self._json(value), ensure_ascii=escaped, indent=1 if "\n" in like.strip() else None)

    def _json(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: "" if is_reader(key) else self._json(member) for key, member in value.items()}
        if isinstance(value, list):
            return [self._json(member) for member in value]
        if isinstance(value, str):
            return self._json_text(value)
        if isinstance(value, int) and not isinstance(value, bool) and value > 999_999:
            return int(self.faker.number(str(value)))
        return value

    def _json_text(self, value: str) -> str:
        if value[:1] in {"{", "["}:
            try:
                return self._dumped(json.loads(value), value)
            except (ValueError, RecursionError):
                pass
        if _INNER_JSON.match(value):
            return self.value(value)
        return self.plain(value) if _HAN.search(value) or " " in value.strip() else self.value(value)

    def value(self, text: str) -> str:
        """A string of a script or an attribute: JSON, markup, text, or a word of the program."""
        if quoted := _INNER_JSON.match(text):
            return self._inner_json(text, quoted[1])
        if _INNER_TAG.search(text):
            return _between(_INNER_TAG, text, lambda match: self._tag(match[0]), self.text)
        return self.text(text) if _HAN.search(text) or plain(text).strip() in self.texts else self.code(text)

    def _inner_json(self, text: str, quote: str) -> str:
        """JSON whose quotes are escaped as `quote`: its keys stay."""
        escaped = re.escape(quote)
        pattern = re.compile(rf"{escaped}((?:(?!{escaped}).)*){escaped}(\s{{0,9}}:)?", re.DOTALL)

        def string(match: re.Match[str]) -> str:
            return match[0] if match[2] else quote + self.value(match[1]) + quote

        return _between(pattern, text, string, self.code)

    def _tag(self, tag: str) -> str:
        def attribute(match: re.Match[str]) -> str:
            name, equals, quoted = match.groups()
            inner = quoted[1:-1]
            made = self.code(inner) if name.lower() in _FORM else self.value(inner)
            return f"{name}{equals}{quoted[0]}{made}{quoted[-1]}"

        return _between(_ATTRIBUTE, tag, attribute, self.code)

    def code(self, text: str) -> str:
        """Markup or code: URLs, ids, names and ideographs are replaced, words stay."""
        return _between(URL, text, lambda match: scrub_url(match, self.faker), self._code_without_urls)

    def _code_without_urls(self, text: str) -> str:
        made = scrub_ids(EMAIL.sub(self._email, text), self.faker)
        if self._names:
            made = self._names.sub(lambda match: self.wording.name(match[0]), made)
        return _HAN_RUN.sub(lambda match: self.text(match[0]), made) if _HAN.search(made) else made

    def _email(self, match: re.Match[str]) -> str:
        is_file = match[0].rpartition(".")[2].lower() in kept_suffixes()  # icon@2x.png
        return match[0] if is_file else scrub_email(match, self.faker)

    def text(self, text: str) -> str:
        """Running text; what is known gets its known fake."""
        if not text.strip() or text.strip() in self.wording.vocabulary.texts:
            return text
        given = units(text)
        fakes, fixed = self.wording.fake("".join(unit.char for unit in given))
        places = [place for place, unit in enumerate(given) if is_content(unit.char)]
        known = self.known.find([given[place].char for place in places])
        for place, fake in zip(places, known, strict=True):
            if fake is not None and not fixed[place] and may_take(given[place].char, fake):
                fakes[place] = fake
        return "".join(written(unit, fake) if len(fake) == 1 else fake for unit, fake in zip(given, fakes, strict=True))


_HAN_RUN = re.compile(rf"(?:{_HAN.pattern})+")


def _between(
    pattern: re.Pattern[str], text: str, found: Callable[[re.Match[str]], str], rest: Callable[[str], str]
) -> str:
    """`found` of every match of `pattern` in `text`, `rest` of what stands between."""
    made: list[str] = []
    at = 0
    for match in pattern.finditer(text):
        made += (rest(text[at : match.start()]), found(match))
        at = match.end()
    return "".join((*made, rest(text[at:])))
