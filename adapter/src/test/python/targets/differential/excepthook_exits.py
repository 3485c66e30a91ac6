import sys
def hook(kind, value, trace):
    sys.exit(9)
sys.excepthook = hook
1 / 0
