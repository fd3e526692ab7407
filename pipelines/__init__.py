"""What is done to every reading, in order: validate, normalize, dedupe, store."""
