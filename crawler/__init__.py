"""Gets captures and says what each one is."""
