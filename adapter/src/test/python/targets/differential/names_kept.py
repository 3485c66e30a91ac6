_start = 1
sys = "mine"
_begin = 2
print(sorted(name for name in globals() if not name.startswith("__")))
def run(): return _start, _begin, sys
print(run())
