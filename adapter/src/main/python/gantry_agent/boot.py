"""First code of the agent in the target, run on the main thread in the namespace of `python -c`, by any Python from 2.7.

sys.argv is ['-c', AGENTDIR, CHANNEL, KIND, TARGET, args...]. This text is compiled at each start, so it is short, and what is needed once
is a string: of a bundle it runs the first section, bundled.py. first.py does what is to be done where there is none.
"""
import sys

try:
    f.close()  # opened by `python -c`: left to itself it would be a ResourceWarning
except NameError:
    pass
f = None
try:
    f = open("%s/bundle-%s.bin" % (sys.argv[1], sys.implementation.cache_tag), "rb", 0)
    exec(__import__("marshal").loads(f.read(int(f.read(4)))))
except Exception:
    exec("if f: f.close()\nwith open(sys.argv[1] + '/first.py', 'rb') as f: exec(compile(f.read(), '<gantry_agent>/first.py', 'exec'))")
f = start(sys.argv[1], f)
f[0](*f[1:])
