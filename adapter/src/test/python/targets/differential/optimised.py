#: python -OO -B
"""Doc"""
import sys
assert False
print(__doc__, __debug__, sys.flags)
