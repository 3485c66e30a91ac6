import os
import select
import signal
reader, writer = os.pipe()
os.set_blocking(writer, False)
print(signal.set_wakeup_fd(writer))
hits = []
signal.signal(signal.SIGALRM, lambda *a: hits.append(1))
signal.setitimer(signal.ITIMER_REAL, 0.05)
print(select.select([reader], [], [], 5)[0] == [reader], os.read(reader, 9), hits)
signal.setitimer(signal.ITIMER_REAL, 0.05)
print(os.read(reader, 9), hits)
