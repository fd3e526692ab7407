"""How alike two bodies are, and in what way: pure functions, no database."""
