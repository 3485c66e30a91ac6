#: python -X faulthandler
import faulthandler
import signal
import os
print(faulthandler.is_enabled())
def f():
    with open("dump", "w+b") as file:
        faulthandler.dump_traceback(file, all_threads=False)
        file.seek(0)
        print(file.read().decode().splitlines()[:3])
f()
