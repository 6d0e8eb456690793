"""`pretrain`: an encoder from recordings without labels, for `train --encoder`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import torch
from transformers import HubertConfig, HubertForSequenceClassification, PreTrainedModel

from model_builder.corpora.survey import Clip, hours_of
from model_builder.errors import UserError
from model_builder.fitting.data_parallel import training_processes
from model_builder.fitting.precision import Precision
from model_builder.fitting.same_run import exclusive_run, require_same_run
from model_builder.fitting.trainer import FitPlan, Report, run_stage
from model_builder.models.checkpoint import weights_digests, write_tensors
from model_builder.models.encoder_teacher import gives_frames_of_pcm, load_teacher
from model_builder.models.hubert import HOP_SAMPLES, distilhubert_config
from model_builder.pretraining.layer_distillation import LayerDistillationLoss, LayerStudent
from model_builder.pretraining.masked_prediction import MaskedPredictionLoss, MaskedPredictor
from model_builder.pretraining.spectral_units import UnitBatches, UnlabelledBatches, learn_centroids
from model_builder.whole_file import atomic_write_json


@dataclass(frozen=True)
class PretrainingPlan:
    """What a run does: distillation from `teacher`, a folder or hub name, or else masked prediction of `clusters` spectral units."""

    teacher: str | None = None
    clusters: int = 100
    epochs: int = 20
    seed: int = 0
    batch_clips: int = 16
    crop_s: tuple[float, float] = (1.5, 3.0)
    peak_learning_rate: float = 5e-4
    precision: Precision = "float32"

    @property
    def fit_plan(self) -> FitPlan:
        return FitPlan(self.epochs, self.batch_clips, self.peak_learning_rate, self.crop_s, self.seed, precision=self.precision)


def pretrain(
    clips: Sequence[Clip],
    plan: PretrainingPlan,
    run_folder: Path,
    report: Report = lambda progress: None,
    config: HubertConfig | None = None,
) -> Path:
    """Train an encoder on the sound of `clips`; returns the folder that it lies in, `run_folder / "encoder"`.

    config: of the encoder; None: DistilHuBERT's. Crops are augmented as in `train`, and nobody reads a label.
    A run that was stopped goes on from the checkpoint in `run_folder`. Raises UserError for clips or settings that cannot work, or where
    `run_folder` holds a run with other settings, recordings or weights of the teacher, or another process trains in it.
    """
    if len(clips) < plan.batch_clips:
        raise UserError(f"{len(clips)} recordings do not fill a batch of {plan.batch_clips}; add recordings or lower --batch")
    with exclusive_run(run_folder):
        require_same_run(run_folder, plan, {"recordings": clips}, weights_digests({"teacher": plan.teacher}))
        return _pretrained(clips, plan, run_folder, report, config or distilhubert_config())


def _pretrained(clips: Sequence[Clip], plan: PretrainingPlan, run_folder: Path, report: Report, config: HubertConfig) -> Path:
    torch.manual_seed(plan.seed)
    if plan.teacher is None:
        model = predict_masked(clips, plan, run_folder, report, config)
    else:
        teacher = load_teacher(plan.teacher)
        if not gives_frames_of_pcm(teacher):
            raise UserError(f"--teacher {plan.teacher}: makes no frame every {HOP_SAMPLES} samples; give HuBERT, wav2vec 2.0 or WavLM")
        model = distil_layers(teacher, clips, plan, run_folder, report, config)
    encoder = run_folder / "encoder"
    if not training_processes().is_first:
        return encoder
    card = {"pretraining": {**asdict(plan), "clips": len(clips), "hours": hours_of(clips)}}
    atomic_write_json(encoder / "card.json", card)
    model.hubert.config.save_pretrained(encoder)
    write_tensors({name: tensor.cpu().contiguous() for name, tensor in model.hubert.state_dict().items()}, encoder / "model.safetensors")
    return encoder


def predict_masked(
    clips: Sequence[Clip], plan: PretrainingPlan, run_folder: Path, report: Report, config: HubertConfig
) -> HubertForSequenceClassification:
    crops = UnlabelledBatches(clips, plan.batch_clips, plan.crop_s, plan.seed, epoch=0)
    batches_of = partial(UnitBatches, centroids=training_processes().of_first(learn_centroids(crops, plan.clusters)))
    network = MaskedPredictor(config, plan.clusters)
    loss = MaskedPredictionLoss(network)
    return run_stage("masked-prediction", network, loss, clips, plan.fit_plan, run_folder, report, batches_of=batches_of).model


def distil_layers(
    teacher: PreTrainedModel, clips: Sequence[Clip], plan: PretrainingPlan, run_folder: Path, report: Report, config: HubertConfig
) -> HubertForSequenceClassification:
    student = LayerStudent(config, teacher)
    loss = LayerDistillationLoss(student, teacher)
    return run_stage("layer-distillation", student, loss, clips, plan.fit_plan, run_folder, report, batches_of=UnlabelledBatches).model
