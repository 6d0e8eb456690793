"""Weights on disk: a folder with `model.safetensors` (fp16), `config.json`, `preprocessor_config.json` and `card.json`.

`transformers.pipeline("audio-classification")` loads it and gives the same logits; the card's temperature is not in its scores.

The head for arousal and valence, where there is one, has a file of its own, so that transformers finds nothing that it does not know.
"""

import copy
import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save
from torch import Tensor
from transformers import HubertConfig, HubertForSequenceClassification
from transformers.utils.hub import cached_file, extract_commit_hash

from model_builder.audio.reading import SAMPLE_RATE_HZ
from model_builder.corpora.utterance import LABELS
from model_builder.errors import UserError
from model_builder.models.arousal_valence_head import add_head, head_of
from model_builder.models.card import AROUSAL_VALENCE_FILE, require_weights
from model_builder.models.hub_source import hub_source
from model_builder.models.hubert import distilhubert_config, require_channels_last
from model_builder.whole_file import atomic_write, atomic_write_bytes, atomic_write_json

PREPROCESSOR = {
    "do_normalize": True,
    "feature_extractor_type": "Wav2Vec2FeatureExtractor",
    "feature_size": 1,
    "padding_value": 0.0,
    "return_attention_mask": False,
    "sampling_rate": SAMPLE_RATE_HZ,
}
"""What transformers' `pipeline("audio-classification")` does to recordings: the normalisation that the exported files have inside."""


def save_weights(model: HubertForSequenceClassification, folder: Path, card: dict[str, Any]) -> None:
    """Write fp16 weights, the architecture and the card (what it was trained on, what was measured) to `folder`.

    Each file is written whole or not at all, the weights last: in a new folder, whoever finds them finds what belongs to them.
    Raises OSError where the folder cannot be written, UserError, before anything is, for weights that fp16 cannot hold.
    """
    head = head_of(model)
    in_head = set() if head is None else {f"arousal_valence.{name}" for name in head.state_dict()}
    classifier = {name: tensor for name, tensor in model.state_dict().items() if name not in in_head}
    halves = half_precision(classifier)  # before the first file is written, as the head's are
    if head is None:
        (folder / AROUSAL_VALENCE_FILE).unlink(missing_ok=True)
    else:
        write_tensors(half_precision(head.state_dict()), folder / AROUSAL_VALENCE_FILE)
    config = copy.deepcopy(model.config)
    config.dtype = torch.float32  # what transformers computes in, where nobody asks for another; else what the file stores, fp16
    with atomic_write(folder / "config.json") as unfinished:
        config.to_json_file(unfinished)
    atomic_write_json(folder / "preprocessor_config.json", PREPROCESSOR)
    atomic_write_json(folder / "card.json", card)
    write_tensors(halves, folder / "model.safetensors")


def write_tensors(tensors: dict[str, Tensor], path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """One safetensors file, whole or not at all. Raises OSError, which the format's own `save_file` hides in an error of its own."""
    atomic_write_bytes(path, save(tensors, metadata={"format": "pt", **(metadata or {})}))


def half_precision(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """In fp16. Raises UserError naming a tensor that is not finite there."""
    halves = {name: tensor.detach().cpu().half().contiguous() for name, tensor in tensors.items()}
    for name, half in halves.items():
        if not half.isfinite().all():
            raise UserError(f"{name}: is not finite in half precision, so these weights would answer nothing; nothing was written")
    return halves


def load_weights(folder: Path) -> HubertForSequenceClassification:
    """The model in `folder`, in float32 and evaluation mode. Raises UserError naming what is missing or does not fit."""
    require_weights(folder)
    try:
        config = HubertConfig.from_json_file(folder / "config.json")
        labels = tuple(label for _, label in sorted((config.id2label or {}).items()))
        if labels != LABELS:
            raise UserError(f"{folder}: its labels are {', '.join(labels)}; this project needs {', '.join(LABELS)}")
        require_as_many_layers(config, folder / "model.safetensors")
        model, found = HubertForSequenceClassification.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, output_loading_info=True
        )
        if strangers := sorted({*found["missing_keys"], *found["unexpected_keys"]}):  # missing ones would start as random weights
            raise UserError(
                f"{folder}: config.json and model.safetensors do not belong together ({strangers[0]}); build or copy both again"
            )
        if (folder / AROUSAL_VALENCE_FILE).is_file():
            add_head(model).load_state_dict(load_file(folder / AROUSAL_VALENCE_FILE))
    except UserError:
        raise
    except Exception as error:  # safetensors and transformers raise many types for a damaged file
        raise UserError(f"{folder}: the weights cannot be read ({error}); build or copy them again") from error
    fitting: HubertForSequenceClassification = model.eval()
    return fitting


def require_as_many_layers(config: HubertConfig, weights: Path) -> None:
    """Before the network is built, which takes as long as `config` has layers. Raises UserError where `weights` has not as many."""
    with safe_open(weights, framework="pt") as tensors:
        layers = len({name.split(".")[3] for name in tensors.offset_keys() if name.startswith("hubert.encoder.layers.")})
    if config.num_hidden_layers != layers:
        raise UserError(f"{weights}: has {layers} layers, and config.json says another number; build or copy both again")


def load_encoder(source: str) -> HubertForSequenceClassification:
    """A model to fine-tune: `scratch`, a local folder, or a hub name such as `ntu-spml/distilhubert` with a fresh head.

    A name may be pinned to a revision, as in `hub_source`. Files come by huggingface_hub, with its cache and its offline mode.

    Raises UserError where the hub or the folder does not answer, holds another architecture, or lacks weights of the encoder; never
    falls back to another start, nor to random weights for a part of it.
    """
    if source == "scratch":
        return HubertForSequenceClassification(distilhubert_config())
    head = distilhubert_config()
    labels: dict[str, Any] = {"num_labels": len(LABELS), "id2label": head.id2label, "label2id": head.label2id}
    name, revision = hub_source(source)
    config = _loaded(source, lambda: HubertConfig.from_pretrained(name, revision=revision, apply_spec_augment=False, **labels))
    try:
        require_channels_last(config)  # before gigabytes of weights are fetched
    except ValueError as error:
        raise UserError(f"--encoder {source}: {error}, as DistilHuBERT and HuBERT base have; HuBERT large cannot be used") from error
    model, found = _loaded(
        source,
        lambda: HubertForSequenceClassification.from_pretrained(
            name, revision=revision, config=config, output_loading_info=True
        ),
    )
    if absent := absent_weights(found["missing_keys"], "hubert."):
        raise UserError(f"--encoder {source}: is no HuBERT checkpoint, or not all of one: {absent}; give another, or `scratch`")
    encoder: HubertForSequenceClassification = model
    return encoder


def weights_digests(sources: Mapping[str, str | None]) -> dict[str, str]:
    """What tells the weights of encoders apart, whatever their name: by use, of those that are given and not `scratch`.

    sources: local folders and hub names, by use (`encoder`, `teacher`). A folder has the SHA-256 of its files of weights, a name the
    commit that the hub has under it. Raises UserError where there are none.
    """
    return {use: _weights_digest(use, source) for use, source in sources.items() if source is not None and source != "scratch"}


def _weights_digest(use: str, source: str) -> str:
    folder = Path(source)
    if not folder.is_dir():
        name, revision = hub_source(source)
        config = _loaded(source, lambda: cached_file(name, "config.json", revision=revision), use)
        return f"commit {extract_commit_hash(config, None)}"
    files = sorted(folder.glob("*.safetensors")) or sorted(folder.glob("*.bin"))
    if not files:
        raise UserError(f"--{use} {source}: cannot be loaded (no file of weights in it); give a folder that transformers saved")
    sha256 = hashlib.sha256()
    for file in files:
        with file.open("rb") as content:
            sha256.update(hashlib.file_digest(content, "sha256").digest())
    return f"sha256 {sha256.hexdigest()[:16]}"


def _loaded(source: str, load: Callable[[], Any], use: str = "encoder") -> Any:
    """What `load` gives. Raises UserError for whatever it raises: a damaged file has many types of errors."""
    try:
        return load()
    except Exception as error:
        reason = str(error).partition("\n")[0]
        raise UserError(
            f"--{use} {source}: cannot be loaded ({reason}); give a local folder or a name on the hub"
            + (", or `scratch` to start from random weights" if use == "encoder" else "")
        ) from error


def absent_weights(missing: Iterable[str], prefix: str = "") -> str:
    """What transformers would fill with random weights, in words; empty where everything that the network computes with was found.

    missing: `missing_keys` of a loading; names of the network's own that do not start with `prefix` are a fresh head and may be missing.
    `masked_spec_embed` too: nothing here masks with it, and many checkpoints leave it out. Names by which weight normalisation went
    earlier need no exception: transformers translates them.

    >>> absent_weights(["hubert.masked_spec_embed", "classifier.bias"], "hubert.")
    ''
    >>> absent_weights(["hubert.encoder.layer_norm.bias", "hubert.encoder.layer_norm.weight"], "hubert.")
    'it lacks 2 tensors, hubert.encoder.layer_norm.bias first'
    """
    absent = sorted(name for name in missing if name.startswith(prefix) and not name.endswith("masked_spec_embed"))
    return f"it lacks {len(absent)} tensors, {absent[0]} first" if absent else ""
