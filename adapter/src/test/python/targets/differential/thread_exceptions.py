import threading
import sys
def work():
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise ValueError("in a thread") from error
for number in range(2):
    thread = threading.Thread(target=work, name="worker")
    thread.start()
    thread.join()
    threading.excepthook = lambda args: print("hook", args.exc_type, args.exc_value, args.thread.name, args.exc_traceback.tb_next.tb_next.tb_frame.f_code.co_name)
import _thread, time
done = _thread.allocate_lock()
done.acquire()
class Tell:
    def __del__(self):
        done.release()
def raw(tell):
    sys.exit(3)
_thread.start_new_thread(raw, (Tell(),))
done.acquire()
stored = []
def keep():
    try:
        work()
    except ValueError as error:
        stored.append(error)
thread = threading.Thread(target=keep)
thread.start()
thread.join()
raise KeyError("main") from stored[0]
