import atexit
import threading
import sys
import weakref
for n in range(3):
    atexit.register(print, "hook", n)
atexit.register(lambda: 1 / 0)
class A:
    pass
a = A()
weakref.finalize(a, print, "finalized")
def work():
    threading.main_thread().join()
    print("thread after main", threading.main_thread().is_alive())
threading.Thread(target=work).start()
print("main ends")
