#!/usr/bin/env python3
"""memory.py MIB: fills so many MiB of memory, says "ready", and exits with 0 at the end of its standard input."""
import os
import sys

held = bytearray(b"\xa5") * (int(sys.argv[1]) << 20)
os.write(1, b"ready\n")
while os.read(0, 65536):
    pass
