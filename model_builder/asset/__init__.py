"""Builds the folder that the app bundles: golden vectors, speech gate, atomic swap, evaluation of folds."""
