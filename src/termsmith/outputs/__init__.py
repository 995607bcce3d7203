"""Results to files, manifests and reports."""
