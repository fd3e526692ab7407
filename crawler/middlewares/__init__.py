"""Downloader middlewares: every request, redirects included, passes them on its way to the network."""
