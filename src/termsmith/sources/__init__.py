"""Names to bytes."""
