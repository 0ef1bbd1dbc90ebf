"""Values that are computed from conditions and by powers and logarithms, and how values are decoded."""
