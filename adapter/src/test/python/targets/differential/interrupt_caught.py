#: signal INT
import signal
import time
print(signal.getsignal(signal.SIGINT) is signal.default_int_handler, signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGPIPE),
      signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.sigpending())
print("ready", flush=True)
try:
    time.sleep(30)
except KeyboardInterrupt as error:
    print("caught", repr(error), error.__context__)
