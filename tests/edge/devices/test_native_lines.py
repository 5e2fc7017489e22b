"""What libraries write past Python stays off the terminal, and what Python writes does not."""

import subprocess
import sys

PROGRAM = """
import logging, os, sys
from voiceguide.edge.devices.native_lines import kept_off_the_terminal
logging.basicConfig()
with kept_off_the_terminal():
    os.write(2, b"ALSA lib pcm.c:2664: no such thing\\n")
    print("ours", file=sys.stderr)
    logging.getLogger("x").warning("logged")
os.write(2, b"afterwards\\n")
print("again", file=sys.stderr)
"""


def test_alsa_is_not_heard_and_we_are():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines() == ["ours", "WARNING:x:logged", "afterwards", "again"]
