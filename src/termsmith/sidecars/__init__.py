"""Files beside a page that complete or correct it."""
