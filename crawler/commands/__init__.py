"""Commands of the project: `scrapy NAME`."""
