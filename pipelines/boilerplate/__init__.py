"""Splits a full text into body and boilerplate: vocabulary as data (rules/*.toml), segmenter, credits."""

from pipelines.boilerplate.ruleset import RuleError, RuleSet, load_rules
from pipelines.boilerplate.splitting import Context, split

__all__ = ["Context", "RuleError", "RuleSet", "load_rules", "split"]
