#: python -P
#: since 3.11
import sys
print(sys.path, sys.argv, sys.flags)
