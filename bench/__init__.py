"""Measurements that are too long for the tests: run by hand, each says how."""
