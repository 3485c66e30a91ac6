#: python -i
#: stdin print(5)\n
import sys
print(sys.flags.inspect, __name__)
