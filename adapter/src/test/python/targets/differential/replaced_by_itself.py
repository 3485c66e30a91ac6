#: since 3.10
import os
import sys
print(sys.orig_argv[1:], flush=True)
if "AGAIN" not in os.environ:
    os.environ["AGAIN"] = "1"
    os.execv(sys.executable, [sys.executable] + sys.orig_argv[1:])
