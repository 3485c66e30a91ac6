#: python -W error
import os
import sys
def child():
    raise ValueError("in the child")
pid = os.fork()
if pid == 0:
    child()
print(os.waitpid(pid, 0)[1])
