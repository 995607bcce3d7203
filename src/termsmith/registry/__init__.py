"""A small shipped list of well-known systems."""
