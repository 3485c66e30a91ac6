#!/usr/bin/env python3
"""late_memory.py MIB: says "ready"; at a byte of its input or its end fills so many MiB of memory and exits with 0 at once."""
import os
import sys

os.write(1, b"ready\n")
os.read(0, 1)
memory = b"x" * (int(sys.argv[1]) << 20)
os._exit(0)
