"""The archive in a browser: Datasette with pages made for readers, read-only, on this machine (`scrapy browse`)."""
