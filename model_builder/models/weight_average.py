"""One network out of several that share an ancestor: each parameter the mean of theirs.

Wortsman et al. 2022, arXiv 2203.05482, of several fine-tuned networks; arXiv 2109.01903, of one with the network that it was fine-tuned
from, which keeps what that could of other corpora.
"""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cosine_similarity

from model_builder.errors import UserError
from model_builder.models.card import read_card, recordings_adapted_to, training_speakers
from model_builder.models.checkpoint import load_weights, save_weights
from model_builder.models.hubert import with_noise_floor_of

SMALLEST_COSINE = 0.2
"""The shipped weights have 0.80 with those of commit 6c8e526, their ancestor, and 0.00 with those of 160fdd7, another start."""


def average_weights(folders: Sequence[Path], out: Path, noise_floor_snr_db: float | None = None) -> None:
    """Write the mean of the weights in `folders`, in equal shares, to the folder `out`.

    noise_floor_snr_db: that the network puts below recordings; None: that of the first. The card names the speakers of all and the
    recordings that any was adapted to, and says what each was trained as (`averaged`). It has no temperature and no results: those of the
    parts are not those of their mean.
    Raises UserError where there are fewer than two, their networks differ or share no ancestor.
    """
    if len(folders) < 2:
        raise UserError("an average needs the weights of two folders at least; give another")
    models = [load_weights(folder) for folder in folders]
    parameters = [model.state_dict() for model in models]
    shapes = [{name: tensor.shape for name, tensor in each.items()} for each in parameters]
    for folder, each in zip(folders, shapes, strict=True):
        if each != shapes[0]:
            raise UserError(f"{folder}: is another network than that in {folders[0]}; average weights that share an ancestor")
    for folder, each in zip(folders[1:], parameters[1:], strict=True):
        if median_cosine(parameters[0], each) < SMALLEST_COSINE:
            raise UserError(f"{folder}: shares no ancestor with {folders[0]}: their mean would know nothing of either")
    averaged = models[0]
    means = {name: torch.stack([each[name] for each in parameters]).mean(dim=0) for name in parameters[0]}
    averaged.load_state_dict(means)
    if noise_floor_snr_db is not None:
        with_noise_floor_of(averaged, noise_floor_snr_db)
    save_weights(averaged, out, card_of_average([read_card(folder).get("training") or {} for folder in folders]))


def median_cosine(first: dict[str, Tensor], second: dict[str, Tensor]) -> float:
    """Of the matrices of the transformer's layers: next to 0 between networks that began at random by themselves."""
    matrices = [name for name, tensor in first.items() if ".encoder.layers." in name and tensor.dim() > 1]
    return median(cosine_similarity(first[name].flatten(), second[name].flatten(), dim=0).item() for name in matrices)


def card_of_average(trainings: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Without speakers where one of the parts does not say who they were."""
    named = [speakers for training in trainings if (speakers := training_speakers(training)) is not None]
    known = {"speakers": sorted({*chain.from_iterable(named)})} if len(named) == len(trainings) else {}
    recordings = sorted(frozenset[str]().union(*map(recordings_adapted_to, trainings)))
    adapted = {"adapted_to": {"recordings": recordings}} if recordings else {}
    return {"training": {**known, **adapted, "averaged": list(trainings)}, "results": {}}
