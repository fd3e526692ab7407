"""The database: schema and migrations, writer, search index. SQL lives here alone."""
