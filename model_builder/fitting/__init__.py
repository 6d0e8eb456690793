"""The training loop: batches of augmented crops, precision, and one fit with its checkpoint and log."""
