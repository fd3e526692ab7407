"""What no rule knows is told by its wording: by pairs of characters, counted in samples that are kept beside it."""
