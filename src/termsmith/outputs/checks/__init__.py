"""The result of a check in the formats that machines read."""
