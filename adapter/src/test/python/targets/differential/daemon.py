import threading
import time
event = threading.Event()
def work():
    event.set()
    time.sleep(60)
threading.Thread(target=work, daemon=True).start()
event.wait()
print(threading.active_count(), [t.name for t in threading.enumerate()])
