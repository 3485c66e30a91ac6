import os
seen = []
os.register_at_fork(before=lambda: seen.append("before"), after_in_parent=lambda: seen.append("parent"), after_in_child=lambda: seen.append("child"))
pid = os.fork()
if pid == 0:
    print(seen, flush=True)
    os._exit(0)
os.waitpid(pid, 0)
print(seen)
