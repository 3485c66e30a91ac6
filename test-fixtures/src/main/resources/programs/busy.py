#!/usr/bin/env python3
"""busy.py MILLISECONDS: uses so much of a processor's time, and prints how much it was, in seconds."""
import os
import sys
import time

while time.process_time() * 1000 < int(sys.argv[1]):
    pass
os.write(1, b"%f\n" % time.process_time())
os._exit(0)
