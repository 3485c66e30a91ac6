import atexit
import os
import sys
atexit.register(lambda: print("exit hook", sorted(n for n in globals() if n[0] == "_")))
print("before")
sys.exit("last words")
