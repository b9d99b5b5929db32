"""How is a model answered at any number of points, on any number of machines, so that no interruption loses the work?

``plan`` says which blocks there are, ``block`` answers one of them wherever it is sent, ``rows`` are its answers as a
Parquet file, ``folder`` keeps them and ``lock`` keeps other runs away, ``crew`` are those who work, ``interrupts`` lets
them finish, ``engine`` holds all this together, and ``result`` is what comes out.
"""

from gametheory.sweeps.crew import cluster
from gametheory.sweeps.engine import sweep
from gametheory.sweeps.plan import KEPT
from gametheory.sweeps.result import Sweep, open_run

__all__ = ["KEPT", "Sweep", "cluster", "open_run", "sweep"]
