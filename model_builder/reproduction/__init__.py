"""arXiv 2512.23435 from corpora to report: settings, folds, other corpus, model, ablations."""
