"""FHIR servers: what they hold, how it differs from what we have, and sending what is new."""
