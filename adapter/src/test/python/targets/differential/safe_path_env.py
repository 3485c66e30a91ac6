#: env PYTHONSAFEPATH=1
#: since 3.11
#: as module
#: name observed.py
import sys
print(sys.path, sys.argv, sys.flags)
