import os
import threading
def work():
    pid = os.fork()
    if pid == 0:
        print("child", threading.current_thread() is threading.main_thread(), threading.active_count(), flush=True)
        os._exit(5)
    print(os.waitpid(pid, 0)[1], flush=True)
import warnings
warnings.simplefilter("ignore")
thread = threading.Thread(target=work)
thread.start()
thread.join()
