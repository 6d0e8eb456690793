"""Names on the hub, with the revision that they are pinned to."""

from pathlib import Path

CURRENT = "main"


def hub_source(source: str) -> tuple[str, str]:
    """What `from_pretrained` takes: a folder or a name, and the revision (branch, tag or commit) behind `@`, or the current one.

    >>> hub_source("ntu-spml/distilhubert@v1.0"), hub_source("ntu-spml/distilhubert")
    (('ntu-spml/distilhubert', 'v1.0'), ('ntu-spml/distilhubert', 'main'))
    """
    if Path(source).is_dir():  # whose name may have an @ of its own
        return source, CURRENT
    name, _, revision = source.partition("@")
    return name, revision or CURRENT
