"""Spiders: where captures come from."""
