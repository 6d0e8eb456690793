"""A model file or weights -> emotion of a recording; the asset's manifest and its rules; parity."""
