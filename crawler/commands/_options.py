"""Values of options, checked as argparse wants them."""

from __future__ import annotations

import argparse


def positive(text: str) -> int:
    """A whole number of 1 or more. Raises ArgumentTypeError, whose sentence argparse prints."""
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)
