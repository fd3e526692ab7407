"""Search without a database: the normal form of text, what a query means, where its words stand in a text."""
