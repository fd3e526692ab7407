"""Splits a full text into body and boilerplate: vocabulary as data (rules/*.toml), segmenter, credits."""

from pipelines.boilerplate.rule import RuleError
from pipelines.boilerplate.ruleset import RuleSet, load_rules
from pipelines.boilerplate.splitting import Context, split

__all__ = ["Context", "RuleError", "RuleSet", "load_rules", "split"]
