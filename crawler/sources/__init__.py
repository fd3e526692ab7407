"""Where files of captures come from: folders, containers, tables beside them. No Scrapy in here."""
