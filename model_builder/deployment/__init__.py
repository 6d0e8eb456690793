"""From trained weights to the asset that the app bundles: export, quantization, parity, the asset and its manifest."""
