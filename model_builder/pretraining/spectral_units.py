"""What masked prediction predicts: the cluster of each 20 ms of sound, by its spectrum, as in HuBERT's first iteration.

Hsu et al. 2021, arXiv 2106.07447, section IV-B: 39 coefficients, 100 clusters by k-means.
"""

from collections.abc import Sequence
from typing import Any

import librosa
import numpy as np
import torch
from sklearn.cluster import MiniBatchKMeans
from torch import Tensor

from model_builder.audio.reading import SAMPLE_RATE_HZ, Pcm
from model_builder.corpora.survey import Clip
from model_builder.errors import UserError
from model_builder.fitting.batches import CropBatches
from model_builder.models.hubert import HOP_SAMPLES

RECEPTIVE_FIELD_SAMPLES = 400
COEFFICIENTS, MEL_BANDS = 13, 40
FRAMES_A_CLUSTERING_STEP = 10_000


class UnlabelledBatches(CropBatches):
    """Crops of recordings of which nothing is known."""

    def targets(self, clips: Sequence[Clip], pcm: Tensor) -> Tensor:
        return torch.empty(len(clips), 0)


class UnitBatches(CropBatches):
    """Crops with the unit of each of their frames, int64 (batch, frames); computed in the loader's process.

    centroids: float32, (clusters, 39).
    """

    def __init__(self, *settings: Any, centroids: np.ndarray):
        super().__init__(*settings)
        self.centroids = centroids

    def targets(self, clips: Sequence[Clip], pcm: Tensor) -> Tensor:
        return torch.from_numpy(np.stack([units_of(cepstra(crop), self.centroids) for crop in pcm.numpy()]))


def cepstra(pcm: Pcm) -> np.ndarray:
    """13 mel-frequency cepstral coefficients with first and second differences: float32, (frames, 39), one row a frame of the network.

    pcm: float32, (samples,), at least 9 frames; scaled to unit variance, as the network gets it. Frames are the network's own: 400
    samples every 320, without padding (HuBERT's are 25 ms every 10 ms, of which every second is kept).
    """
    scaled = (pcm - pcm.mean()) / (pcm.std() + 1e-5)
    static = librosa.feature.mfcc(
        y=scaled,
        sr=SAMPLE_RATE_HZ,
        n_mfcc=COEFFICIENTS,
        n_mels=MEL_BANDS,
        n_fft=RECEPTIVE_FIELD_SAMPLES,
        hop_length=HOP_SAMPLES,
        center=False,
    )
    return np.concatenate([static, librosa.feature.delta(static), librosa.feature.delta(static, order=2)]).T.astype(np.float32)


def learn_centroids(batches: UnlabelledBatches, clusters: int) -> np.ndarray:
    """float32, (clusters, 39), of the crops that training will get in one epoch; the same batches give the same centroids.

    Raises UserError for fewer frames than clusters.
    """
    frames = np.concatenate([cepstra(crop) for pcm, _ in batches.loader() for crop in pcm.numpy()])
    if len(frames) < clusters:
        raise UserError(f"{len(frames)} frames of 20 ms cannot make {clusters} clusters; give more recordings or lower --clusters")
    kmeans = MiniBatchKMeans(
        clusters, batch_size=FRAMES_A_CLUSTERING_STEP, n_init=3, reassignment_ratio=0.0, random_state=batches.seed
    )
    return np.asarray(kmeans.fit(frames).cluster_centers_, np.float32)


def units_of(features: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """int64, (frames,): the nearest centroid. features: (frames, 39)."""
    # By hand: scikit-learn's threads may hang in a process that was forked from one with threads, as the loader's is.
    nearest: np.ndarray = ((centroids**2).sum(axis=1) - 2 * features @ centroids.T).argmin(axis=1)
    return nearest
