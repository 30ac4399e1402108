"""Makes the collection importable and its plugins loadable in plain pytest, from the checkout's own link."""

from __future__ import annotations

import pathlib
import sys

from hypothesis import HealthCheck, settings

TREE = pathlib.Path(__file__).resolve().parents[2] / "collections"

# A machine that does other work is no finding: how long one example takes is nothing that these tests are about.
# And a change is judged by the same examples everywhere, not by those that one machine happened to draw.
settings.register_profile(
    "unit", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unit")

# ansible-test brings its own finder and hides ansible.plugins from module tests.
if not any(type(finder).__name__ == "_AnsibleCollectionFinder" for finder in sys.meta_path) and TREE.is_dir():
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader([str(TREE)])
