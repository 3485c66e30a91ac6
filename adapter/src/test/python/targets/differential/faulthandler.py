#: python -X faulthandler
import faulthandler
import signal
import os
print(faulthandler.is_enabled())
def f():
    faulthandler.dump_traceback(all_threads=False)
f()
