"""DistilHuBERT channels last, heads, channel pruning, checkpoint and card, teachers."""
