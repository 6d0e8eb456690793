"""From PyTorch to one ONNX graph, and from there to integer kernels and 4-bit storage; one graph pass a file."""
