class Leave(SystemExit):
    pass
class Other(KeyboardInterrupt):
    pass
import sys
try:
    raise Other
except Other:
    raise Leave(5)
