import os
import pty
pid, fd = pty.fork()
if pid == 0:
    print("on a terminal", os.isatty(0), flush=True)
    os._exit(0)
text = b""
while True:
    try:
        piece = os.read(fd, 100)
    except OSError:
        break
    if not piece:
        break
    text += piece
print(text, os.waitpid(pid, 0)[1])
