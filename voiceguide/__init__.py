"""voiceguide: an offline, hands-free guide through body routines."""

import os

__version__ = "0.2.0"

# Before numpy is loaded, here and in the processes that are begun: its matrix products are small.
# OpenBLAS would share each among all cores, where threads then wait for one another; on a busy
# machine that took fifty times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
