"""Archives for the commands that look at an image."""

import json
import os
from pathlib import Path

import pytest

from tests.images import archives
from tests.images.archives import File

REAL = Path(
    os.environ.get("LAYERVIZ_TEST_IMAGE", Path(__file__).parents[3] / "shared" / "data" / "test-docker-image.tar")
)
needs_the_real_one = pytest.mark.skipif(not REAL.is_file(), reason=f"the real archive is not here: {REAL}")


def image(folder: Path, *layers: list[File], created_by: tuple[str, ...] = (), **config: object) -> str:
    """An archive of these layers in `folder`; its path."""
    folder.mkdir(exist_ok=True)
    tars = [archives.layer(files) for files in layers]
    said = archives.config(tars, created_by, **config)
    members: dict[str, bytes | str] = {f"{number}.tar": tar for number, tar in enumerate(tars)}
    names = list(members)
    members["config.json"] = said
    line = {"Config": "config.json", "RepoTags": ["made:latest"], "Layers": names}
    return archives.written(folder, members | {"manifest.json": json.dumps([line]).encode()})
