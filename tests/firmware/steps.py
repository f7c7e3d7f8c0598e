# steps.py - one boot of firmware, and what each step on it costs
# SPDX-License-Identifier: MIT

# What an import and a call may leave on the heap: names, the table of modules.
FEW_BYTES = 512

# Prints how much was allocated while it ran, beyond what was before.
RUN = """
gc.collect()
before = most = gc.mem_alloc()
def note(interval):
    global most
    gc.collect()
    most = max(most, gc.mem_alloc())
print({}['bytes'], most - before)
"""


def allocated(board):
    return int(board.run("import gc; gc.collect(); print(gc.mem_alloc())"))


class Steps:
    """`costs` is the table that they are noted in."""

    def __init__(self, board, costs):
        self.board = board
        self._costs = costs
        self._allocated = allocated(board)

    def note(self, step, while_it_runs=""):
        """The heap since the last step."""
        before, self._allocated = self._allocated, allocated(self.board)
        growth = self._allocated - before
        self._costs.append((self.board.cpu, step, "", "", "", growth, while_it_runs))
        return growth
