"""Splits a full text into body and boilerplate: vocabulary as data (rules/*.toml), segmenter, credits."""
