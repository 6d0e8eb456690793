"""Adaptive focal loss: rare classes weigh more, hard clips weigh more, and classes that stay hard focus more."""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class AdaptiveFocalLoss(nn.Module):
    """Mean over the batch of

        w_y (g_y / gamma) (1 - p_y)^(g_y) CE(logits, y),    g_c = gamma (1 + adaptation d_c),    d_c = 1 - m_c

    where y is the true class of a clip, p_y the probability that its logits give that class, CE the cross entropy with
    `label_smoothing`, w_c the weight of class c and d_c, in 0..1, its running difficulty:

    - w_c = (1 - beta) / (1 - beta^(n_c)), scaled to a mean of 1 over the classes, for n_c training clips: Cui et al. 2019,
      arXiv 1901.05555, section 4. beta = 0 weighs all classes equally, beta towards 1 weighs them by 1 / n_c.
    - (1 - p)^gamma: Lin et al. 2017, arXiv 1708.02002, equation 4.
    - g_c, one focusing parameter a class that follows training, and g_c / gamma, which gives back to a class what its stronger
      focus takes from it: the focusing and weighting factors of Li et al. 2022, arXiv 2201.02593, whose measure of difficulty is
      a ratio of gradients of one-against-rest classifiers. Softmax has no such ratio: d_c by m_c, below, is ours.
    - m_c <- momentum m_c + (1 - momentum) mean of p_y over the clips of class c in the batch, after every batch in training mode
      that has such clips; 1 / classes before the first.

    arXiv 2512.23435 names the loss and these parts; that they are joined in this way is ours. gamma = 0 switches focus and its
    adaptation off: cross entropy with class weights. Unlike `F.cross_entropy(weight=w)`, the weight is that of the true class for all
    of a smoothed target, and the mean is over clips, not over weights.

    clip_counts: training clips of each class, at least 1 each. gamma, adaptation: at least 0. beta, momentum, label_smoothing: in
    [0, 1). Raises ValueError for others. The buffers carry the state, so that a checkpoint holds it.
    """

    class_weights: Tensor
    mean_probability: Tensor

    def __init__(
        self,
        clip_counts: Sequence[int],
        gamma: float = 2.0,
        adaptation: float = 1.0,
        beta: float = 0.999,
        momentum: float = 0.99,
        label_smoothing: float = 0.0,
    ):
        super().__init__()
        for name, share in (("beta", beta), ("momentum", momentum), ("label_smoothing", label_smoothing)):
            if not 0 <= share < 1:
                raise ValueError(f"{name} is {share}; it must be in [0, 1)")
        for name, factor in (("gamma", gamma), ("adaptation", adaptation)):
            if not 0 <= factor < math.inf:
                raise ValueError(f"{name} is {factor}; it must be at least 0 and finite")
        self.gamma, self.adaptation, self.momentum, self.label_smoothing = gamma, adaptation, momentum, label_smoothing
        self.register_buffer("class_weights", effective_number_weights(clip_counts, beta))               # (classes,)
        self.register_buffer("mean_probability", torch.full((len(clip_counts),), 1 / len(clip_counts)))  # (classes,)

    @property
    def class_gammas(self) -> Tensor:
        """The focusing parameter that each class has now, (classes,)."""
        return self.gamma * (1 + self.adaptation * (1 - self.mean_probability))

    def forward(self, logits: Tensor, labels: Tensor) -> Tensor:
        """logits: float32 or float64, (batch, classes); labels: int64, (batch,). Returns a scalar.

        The batch counts at the difficulty that its predecessors left behind.
        """
        log_probability = -F.cross_entropy(logits, labels, reduction="none")                             # (batch,), of the true class
        loss = F.cross_entropy(logits, labels, reduction="none", label_smoothing=self.label_smoothing)   # (batch,)
        if self.gamma > 0:
            gammas = self.class_gammas.to(logits.dtype)[labels]
            # A certain clip has no slope below gamma 1; the floor keeps it from an infinite one.
            doubt = (-torch.expm1(log_probability)).clamp_min(torch.finfo(logits.dtype).eps)
            loss = gammas / self.gamma * doubt**gammas * loss
        loss = (self.class_weights.to(logits.dtype)[labels] * loss).mean()
        if self.training:
            self._follow(log_probability.detach().exp(), labels)
        return loss

    def _follow(self, probability: Tensor, labels: Tensor) -> None:
        """Move the running means towards those of this batch; classes that it lacks stay."""
        members = F.one_hot(labels, len(self.mean_probability))                                          # (batch, classes)
        clips = members.sum(dim=0)
        batch_mean = (members * probability[:, None]).sum(dim=0) / clips.clamp_min(1)  # index_add_ is not deterministic on a GPU
        moved = self.momentum * self.mean_probability + (1 - self.momentum) * batch_mean.to(self.mean_probability.dtype)
        self.mean_probability.copy_(torch.where(clips > 0, moved, self.mean_probability))


def effective_number_weights(clip_counts: Sequence[int], beta: float) -> Tensor:
    """(1 - beta) / (1 - beta^n) of each class, scaled to a mean of 1: float32, (classes,). Raises ValueError for a class without clips.

    >>> effective_number_weights([10, 10], beta=0.9)
    tensor([1., 1.])
    """
    if not clip_counts or min(clip_counts) < 1:
        raise ValueError(f"clip counts are {list(clip_counts)}; every class needs at least one clip")
    counts = torch.tensor(clip_counts, dtype=torch.float64)
    # In float64, and by expm1: beta^n of few clips is so near 1 that float32 loses the difference.
    weights = (1 - beta) / -torch.expm1(counts * math.log(beta)) if beta > 0 else torch.ones_like(counts)
    return (weights / weights.mean()).float()
