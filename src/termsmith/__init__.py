"""Terminology pages in; correct, checked, traceable FHIR NamingSystem and CodeSystem resources out."""

__version__ = "0.1.0"
