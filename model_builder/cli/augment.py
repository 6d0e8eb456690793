"""`augment`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model_builder.audio.reading import SAMPLE_RATE_HZ, read_pcm
from model_builder.cli.console import say
from model_builder.errors import UserError
from model_builder.whole_file import atomic_write

if TYPE_CHECKING:  # audiomentations takes seconds to import
    from model_builder.audio.augmentation import AugmentationPlan

NoiseOption = Annotated[Path | None, typer.Option("--noise", metavar="DIR", help="Folder of recorded noise to mix into speech.")]


def augment(
    file: Annotated[Path, typer.Argument(help="A recording.")],
    out: Annotated[Path, typer.Option(help="Folder for the WAV files.")] = Path("augmented"),
    count: Annotated[int, typer.Option(min=1, help="How many variants.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Of the first variant; the next ones count on.")] = 0,
    noise: NoiseOption = None,
) -> None:
    """Render what training makes of a recording, for listening: other voices' speed, pitch and tempo, rooms, microphones, noise, gain.

    Listen for the emotion: it must stay what it was, to your ears, in every variant. Words may drown or drop out here and there.
    """
    pcm = read_pcm(file)
    plan = augmentation_with(noise)
    import soundfile

    from model_builder.audio.augmentation import augment as augmented

    for variant in range(seed, seed + count):
        target = out / f"{file.stem}-{variant}.wav"
        if target.exists() and target.samefile(file):
            raise UserError(f"{target}: is the recording itself; give another --out folder")
        with atomic_write(target) as unfinished:
            soundfile.write(unfinished, augmented(pcm, len(pcm), variant, plan), SAMPLE_RATE_HZ, subtype="PCM_16", format="WAV")
        say(str(target))


def augmentation_with(noise: Path | None) -> "AugmentationPlan":
    """The plan that commands train with. Raises UserError for noise that cannot be used, before anything else is read."""
    from model_builder.audio.augmentation import AugmentationPlan
    from model_builder.audio.noise import read_noise

    if noise is None:
        return AugmentationPlan()
    read_noise(str(noise))
    return AugmentationPlan(noise_folder=str(noise))
