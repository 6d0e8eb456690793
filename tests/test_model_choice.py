"""Which model a command uses."""

from pathlib import Path

import pytest

from model_builder.cli.evaluation import chosen_weights
from model_builder.errors import UserError


def test_an_asset_beside_weights_is_refused():
    with pytest.raises(UserError, match="--weights w and --asset a: only one model can be used"):
        chosen_weights(Path("w"), Path("a"))
