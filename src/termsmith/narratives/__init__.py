"""Narratives of resources, from templates."""
