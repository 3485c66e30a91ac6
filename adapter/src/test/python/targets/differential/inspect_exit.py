#: python -i
#: stdin print(5)\nraise SystemExit(7)\n
import sys
print(sys.flags.inspect)
sys.exit(3)
