#: as module
#: name pkg/uses.py
import pkg.broken
