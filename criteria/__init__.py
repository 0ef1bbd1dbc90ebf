"""Protocols, and the evaluation of a visit against one; this package knows nothing of people."""

# Raised whenever an outcome, a proof or a trace could come out differently for the same document and version.
ENGINE_VERSION = "1.2.0"
