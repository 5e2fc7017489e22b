"""Tends a speaker and a microphone; see test_devices_come_and_go.py.

usage: python tending_devices.py SPEAKER MICROPHONE

Obeys lines of stdin. ``pass SECONDS``: goes on for so long; prints ``passed``. ``flow``: goes on
until, from now on, the microphone has given blocks and the speaker taken samples, half a second
of each; prints ``flows`` and how many seconds that took. Prints every event as it comes, and in
``passed`` by how much the timeline has left real time.
"""

import sys
import time

from voiceguide.edge.devices.input import open_input
from voiceguide.edge.devices.output import open_output
from voiceguide.edge.devices.speaker import Speaker

LIMIT_SECONDS = 60.0
ENOUGH_BLOCKS = 10

output = open_output(sys.argv[1])
source = open_input(sys.argv[2])
began, began_at = time.monotonic(), output.now_seconds()


def go_on() -> bool:
    """One turn of the loop; gives whether a block came."""
    block = source.read(0.05)
    for event in (*output.tend(), *source.tend()):
        print(f"{type(event).__name__} {event.fault.value}", flush=True)
    return block is not None


def flow() -> None:
    start = time.monotonic()
    blocks, from_sample, real = 0, None, None
    while time.monotonic() - start < LIMIT_SECONDS:
        blocks = blocks + go_on()
        if real is not output._speaker:
            real, from_sample = output._speaker, output.mixer.position
        played = (output.mixer.position - from_sample) / output.mixer.sample_rate_hz
        if isinstance(real, Speaker) and played >= 0.5 and blocks >= ENOUGH_BLOCKS:
            break
    print(f"flows {time.monotonic() - start:.2f}", flush=True)


print("ready", flush=True)
for line in sys.stdin:
    word, *numbers = line.split()
    if word == "pass":
        until = time.monotonic() + float(numbers[0])
        while time.monotonic() < until:
            go_on()
        off = (output.now_seconds() - began_at) - (time.monotonic() - began)
        print(f"passed {off:.2f}", flush=True)
    else:
        flow()
