#: env PYTHONINSPECT=1
import sys
print(sys.flags.inspect)
