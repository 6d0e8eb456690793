"""What quantization will do to a network, done while it learns: values rounded to 8 bits, gradients passed straight through.

Jacob et al. 2018, arXiv 1712.05877. Scales are those of `deployment`: activations by the range of each tensor, weights by each row.
"""

import torch
from torch import Tensor


def fake_quantize_activations(x: Tensor) -> Tensor:
    """x: (batch, frames, channels), rounded to 255 steps between the smallest and the largest value of each recording."""
    values = x.detach().float()
    smallest, largest = values.amin(dim=(1, 2), keepdim=True).clamp(max=0), values.amax(dim=(1, 2), keepdim=True).clamp(min=0)
    return rounded(x, values, (largest - smallest) / 255)


def fake_quantize_weights(weight: Tensor) -> Tensor:
    """weight: (out, ...), rounded to 127 steps on either side of zero in each row."""
    values = weight.detach().float()
    return rounded(weight, values, values.flatten(1).abs().amax(dim=1).reshape(-1, *[1] * (weight.dim() - 1)) / 127)


def rounded(x: Tensor, values: Tensor, step: Tensor) -> Tensor:
    step = step + torch.finfo(step.dtype).tiny
    return x + ((values / step).round() * step - values).to(x.dtype)
