#!/usr/bin/env python3
"""graceful_int.py FILE: says "ready"; at SIGINT prints "interrupted", writes "stopped" to FILE and exits with 0."""
import os
import signal
import sys


def stop(number, frame):
    os.write(1, b"interrupted\n")
    with open(sys.argv[1], "w") as file:
        file.write("stopped")
    os._exit(0)


signal.signal(signal.SIGINT, stop)
os.write(1, b"ready\n")
signal.alarm(60)
while True:
    signal.pause()
