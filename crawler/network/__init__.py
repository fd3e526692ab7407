"""The network road: what may be fetched, how fast, what an answer means. Spiders build on `crawler.network.spider`."""
