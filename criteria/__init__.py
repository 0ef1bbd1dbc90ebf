"""What a protocol is and how a visit is evaluated against it; knows nothing of people."""

# Raised whenever an outcome, a proof or a trace could come out differently for the same document and version.
ENGINE_VERSION = "1.0.0"
