import os
import sys
import threading
import warnings
warnings.simplefilter("always")
for n in range(20):
    pid = os.fork()
    if pid == 0:
        print(n, threading.active_count(), os.getppid() > 0, sys.gettrace(), flush=True)
        os._exit(n)
    print(os.waitpid(pid, 0)[1] >> 8, os.listdir("/proc/self/fd") and threading.active_count(), flush=True)
if os.fork() == 0:
    print("child ends normally", flush=True)
    sys.exit(3)
print(os.wait()[1])
