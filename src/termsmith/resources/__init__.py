"""Stage 4: the facts of a record become FHIR resources, each element with its evidence.

`build` is the way in. Which elements a FHIR release has, in which order, and by which extension it carries
those it lacks, stands in ``versions/*.toml``; words of ours stand in ``wording.toml``.
"""
