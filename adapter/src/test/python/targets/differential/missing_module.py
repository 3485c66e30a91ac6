#: as module
#: name other.py
#: python -S
import pkg.nowhere
