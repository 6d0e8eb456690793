"""The network, how it learns, and its weights on disk."""
