"""An empty home on an empty machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from played_host import Host  # type: ignore[import-not-found]  # beside this file


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path / "played")
