"""A capture's bytes become a reading: tells the kind, calls its reader. No Scrapy engine in here."""
