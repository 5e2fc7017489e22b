"""Connections to a port of this machine that say nothing; who is let go of comes back at once.

usage: python flood.py PORT COUNT SECONDS

Prints how many it made.
"""

import resource
import selectors
import socket
import sys
import time

port, count, seconds = map(int, sys.argv[1:])
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(count + 100, most), most))
open_ones = selectors.DefaultSelector()
made = 0
end = time.monotonic() + seconds
while time.monotonic() < end:
    try:
        while len(open_ones.get_map()) < count and time.monotonic() < end:
            one = socket.create_connection(("127.0.0.1", port), timeout=1.0)
            open_ones.register(one, selectors.EVENT_READ)
            made += 1
    except OSError:
        pass  # no room at this moment
    for key, _ in open_ones.select(0.05):
        open_ones.unregister(key.fileobj)
        key.fileobj.close()
print(made)
