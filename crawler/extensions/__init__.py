"""Extensions of the Scrapy engine, one concern a file."""
