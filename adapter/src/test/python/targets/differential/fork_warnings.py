import os
import threading
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for n in range(3):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
    print([str(w.message) for w in caught])
    event = threading.Event()
    thread = threading.Thread(target=event.wait)
    thread.start()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    event.set()
    thread.join()
    print([(w.category, str(w.message).replace(str(os.getpid()), "PID"), w.lineno) for w in caught])
print(warnings.filters)
