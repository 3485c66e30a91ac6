#!/usr/bin/env python3
"""flood.py BYTES [PROGRESS]: writes so many bytes to standard output as fast as they are taken.

The byte at offset i is i modulo 251. With PROGRESS, a file, the count written so far is kept in it, in decimal.
"""
import os
import sys

total = int(sys.argv[1])
progress = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT, 0o600) if len(sys.argv) > 2 else None
block = bytes(i % 251 for i in range(251 * 257))
written = 0
while written < total:
    start = written % 251
    count = os.write(1, block[start : start + min(total - written, 65536 - 1024)])
    written += count
    if progress is not None:
        os.pwrite(progress, b"%020d" % written, 0)
