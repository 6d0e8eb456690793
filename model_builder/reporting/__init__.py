"""What was measured, for people: HTML pages, plots, JSON, and the tables of docs/results.md."""
