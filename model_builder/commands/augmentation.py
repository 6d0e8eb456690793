"""`augment`."""

from pathlib import Path
from typing import Annotated

import typer

from model_builder.audio.reading import SAMPLE_RATE_HZ, read_pcm
from model_builder.console import say
from model_builder.errors import UserError
from model_builder.whole_file import replacing_file


def augment(
    file: Annotated[Path, typer.Argument(help="A recording.")],
    out: Annotated[Path, typer.Option(help="Folder for the WAV files.")] = Path("augmented"),
    count: Annotated[int, typer.Option(min=1, help="How many variants.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Of the first variant; the next ones count on.")] = 0,
) -> None:
    """Render what training makes of a recording, for listening: other voices' speed, rooms, microphones, noise, gain."""
    pcm = read_pcm(file)
    import soundfile

    from model_builder.audio.augmentation import augment as augmented

    for variant in range(seed, seed + count):
        target = out / f"{file.stem}-{variant}.wav"
        if target.exists() and target.samefile(file):
            raise UserError(f"{target}: is the recording itself; give another --out folder")
        with replacing_file(target) as unfinished:
            soundfile.write(unfinished, augmented(pcm, len(pcm), variant), SAMPLE_RATE_HZ, subtype="PCM_16", format="WAV")
        say(str(target))
