"""What was evaluated."""

from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """A model in a few words, with the temperature and the threshold that it ships.

    temperature: divides the logits. uncertainty_threshold: in 0..1, answers of less confidence are "uncertain".
    training_speakers: whom it was trained on; None where nobody wrote that down.
    """

    name: str
    temperature: float = 1.0
    uncertainty_threshold: float = 0.0
    training_speakers: tuple[str, ...] | None = None
