#: python -I
import sys
print(sys.path, sys.argv, sys.flags)
try:
    import observe
except ImportError as error:
    print(error)
