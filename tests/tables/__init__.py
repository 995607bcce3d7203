"""Concepts as the tables in which people publish them."""
