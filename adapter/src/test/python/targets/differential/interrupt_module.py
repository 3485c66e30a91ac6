#: as module
raise KeyboardInterrupt
