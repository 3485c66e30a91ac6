#!/usr/bin/env python3
"""long_goodbye.py FILE: says "ready", then "tick" without end; at SIGINT says "going" for half a second, writes "stopped" to FILE and
exits with 0. A closed pipe kills it."""
import os
import signal
import sys
import time


def stop(number, frame):
    for _ in range(25):
        os.write(1, b"going\n")
        time.sleep(0.02)
    with open(sys.argv[1], "w") as file:
        file.write("stopped")
    os._exit(0)


signal.signal(signal.SIGINT, stop)
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
signal.alarm(60)
os.write(1, b"ready\n")
while True:
    os.write(1, b"tick\n")
    time.sleep(0.02)
