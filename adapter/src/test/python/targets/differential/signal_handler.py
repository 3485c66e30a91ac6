#: signal USR1
import signal
import time
def handler(number, frame):
    print("handler", number, frame.f_code.co_name, frame.f_back.f_code.co_name, frame.f_back.f_lineno)
    raise LookupError("from the handler")
signal.signal(signal.SIGUSR1, handler)
print("ready", flush=True)
def main():
    time.sleep(30)
main()
