"""What a maintainer measures: model files, stock quantizations, training throughput, the machine's peak."""
