"""ItemLoaders: how the values that readers collect become fields, and which place each one came from.

Readers add values in the order of trust; the first that a processor lets through is the field's value and
its place the field's source. `sources` of a loader is therefore the provenance of the whole item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from itemloaders import ItemLoader
from itemloaders.processors import Identity, MapCompose, TakeFirst

from crawler import processors as p
from crawler.items import Account, Article

if TYPE_CHECKING:
    from collections.abc import Callable

Item = TypeVar("Item")
Processor: TypeAlias = "Callable[..., Any]"


class SourcedLoader(ItemLoader):
    """An ItemLoader in which the first usable value of a field wins and its source is kept."""

    default_output_processor = TakeFirst()
    list_fields: frozenset[str] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.sources: dict[str, str] = {}

    def get_input_processor(self, field_name: str) -> Processor:
        """The loader's own processor of what comes in; items declare none, and to ask them costs most of a reading."""
        return getattr(type(self), f"{field_name}_in", None) or self.default_input_processor

    def get_output_processor(self, field_name: str) -> Processor:
        """The same of what goes out."""
        return getattr(type(self), f"{field_name}_out", None) or self.default_output_processor

    def add(self, field: str, value: Any, source: str) -> bool:
        """Offers `value` for `field`, found at `source` (e.g. `var msg_title`); says whether it was taken.

        List fields take every value that is offered; of others the first usable one stays.
        """
        if value is None or value == "":
            return False
        if field in self.list_fields:
            self.add_value(field, value)
            self.sources.setdefault(field, source)
            return True
        if field in self.sources:
            return False
        self.add_value(field, value)
        if not self.get_collected_values(field):
            return False
        self.sources[field] = source
        return True

    def known(self, field: str) -> Any:
        """The value that `field` has so far, or None."""
        return self.get_output_value(field) if field in self.sources else None


class AccountLoader(SourcedLoader):
    """Loads an `Account`."""

    default_item_class = Account
    biz_in = MapCompose(p.biz)
    ghid_in = MapCompose(p.ghid)
    alias_in = MapCompose(p.plain_line, p.account_alias)
    name_in = MapCompose(p.plain_line)
    intro_in = MapCompose(p.plain_line)


class ArticleLoader(SourcedLoader):
    """Loads an `Article`; its account has a loader of its own, whose sources are prefixed `account.`."""

    default_item_class = Article
    list_fields = frozenset({"links", "media", "albums", "credits", "marks"})
    kind_in = Identity()
    biz_in = MapCompose(p.biz)
    mid_in = MapCompose(p.positive_number)
    idx_in = MapCompose(p.positive_number)
    sn_in = MapCompose(p.hexadecimal)
    url_in = MapCompose(p.original_url, p.url)
    title_in = MapCompose(p.plain_line)
    author_in = MapCompose(p.plain_line)
    digest_in = MapCompose(p.plain_text)
    source_url_in = MapCompose(p.url)
    cover_url_in = MapCompose(p.original_url, p.url)
    ip_region_in = MapCompose(p.plain_line)
    declaration_in = MapCompose(p.plain_line)
    comment_id_in = MapCompose(p.positive_number)
    published_at_in = MapCompose(p.moment)
    modified_at_in = MapCompose(p.moment)
    is_original_in = MapCompose(p.flag)
    is_title_modified_in = MapCompose(p.flag)
    is_paid_in = MapCompose(p.flag)
    links_out = Identity()
    media_out = Identity()
    albums_out = Identity()
    credits_out = Identity()
    marks_out = Identity()

    def __init__(self) -> None:
        super().__init__()
        self.account = AccountLoader()

    def load(self) -> Article:
        """The article with its account; a biz that only the article's own values gave is the account's."""
        article: Article = self.load_item()
        article.account = self.account.load_item()
        article.biz = article.biz or article.account.biz
        article.account.biz = article.account.biz or article.biz
        return article

    def all_sources(self) -> dict[str, str]:
        """Field -> source, the account's fields as `account.name` and so on."""
        return self.sources | {f"account.{name}": where for name, where in self.account.sources.items()}
