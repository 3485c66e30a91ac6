#: unarmed 3.10
import threading
print(threading.current_thread(), threading.main_thread() is threading.current_thread()) if 0 else None
print(threading.current_thread().name, threading.active_count(), threading.enumerate() == [threading.main_thread()], threading.stack_size(),
      threading.main_thread().ident == threading.get_ident(), threading.get_native_id() == __import__("os").getpid())
print(threading.gettrace() if hasattr(threading, "gettrace") else None)
