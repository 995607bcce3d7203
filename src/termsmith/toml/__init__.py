"""TOML that people write: read with the place of each key, and with each mistake worded for them."""
