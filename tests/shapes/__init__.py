"""Test pages: the facts of a page once, rendered into every shape in which such pages reach a user."""
