from __future__ import annotations

from pathlib import Path

import pytest

from tests.evals.building import write_dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Eight events, `bridge-0` to `bridge-7`."""
    return write_dataset(tmp_path / "dataset")
