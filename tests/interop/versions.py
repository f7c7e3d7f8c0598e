# versions.py - the versions of iperf3 that the board is tested with
# SPDX-License-Identifier: MIT

import pytest

INSTALLED = "installed"  # whichever this machine has
OTHERS = ("3.9", "3.18")  # brought by tools/deps peers
VERSIONS = (INSTALLED, *OTHERS)

# The short form does with the installed one.
EACH_VERSION = pytest.mark.parametrize(
    "iperf3",
    [INSTALLED, *(pytest.param(version, marks=pytest.mark.slow) for version in OTHERS)],
    indirect=True,
)
