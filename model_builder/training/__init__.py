"""Configuration, recipes, losses, cross-validation and domain adaptation."""
