#: bytes
b'import atexit\natexit.register(print, "end")\n'
