"""One network out of several that share an ancestor: each parameter the mean of theirs.

Wortsman et al. 2022, arXiv 2203.05482, of several fine-tuned networks; arXiv 2109.01903, of one with the network that it was fine-tuned
from, which keeps what that could of other corpora.
"""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import torch

from model_builder.errors import UserError
from model_builder.models.card import read_card, recordings_adapted_to, training_speakers
from model_builder.models.checkpoint import load_weights, save_weights
from model_builder.models.hubert import with_noise_floor_of


def average_weights(folders: Sequence[Path], out: Path, noise_floor_snr_db: float | None = None) -> None:
    """Write the mean of the weights in `folders`, in equal shares, to the folder `out`.

    noise_floor_snr_db: that the network puts below recordings; None: that of the first. The card names the speakers of all and the
    recordings that any was adapted to, and says what each was trained as (`averaged`). It has no temperature and no results: those of the
    parts are not those of their mean.
    Raises UserError where there are fewer than two or their networks differ.
    """
    if len(folders) < 2:
        raise UserError("an average needs the weights of two folders at least; give another")
    models = [load_weights(folder) for folder in folders]
    parameters = [model.state_dict() for model in models]
    shapes = [{name: tensor.shape for name, tensor in each.items()} for each in parameters]
    for folder, each in zip(folders, shapes, strict=True):
        if each != shapes[0]:
            raise UserError(f"{folder}: is another network than that in {folders[0]}; average weights that share an ancestor")
    averaged = models[0]
    means = {name: torch.stack([each[name] for each in parameters]).mean(dim=0) for name in parameters[0]}
    averaged.load_state_dict(means)
    if noise_floor_snr_db is not None:
        with_noise_floor_of(averaged, noise_floor_snr_db)
    save_weights(averaged, out, card_of_average([read_card(folder).get("training") or {} for folder in folders]))


def card_of_average(trainings: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Without speakers where one of the parts does not say who they were."""
    named = [speakers for training in trainings if (speakers := training_speakers(training)) is not None]
    known = {"speakers": sorted({*chain.from_iterable(named)})} if len(named) == len(trainings) else {}
    recordings = sorted(frozenset[str]().union(*map(recordings_adapted_to, trainings)))
    adapted = {"adapted_to": {"recordings": recordings}} if recordings else {}
    return {"training": {**known, **adapted, "averaged": list(trainings)}, "results": {}}
