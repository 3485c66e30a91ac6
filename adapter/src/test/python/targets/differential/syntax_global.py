#: bytes
b'def f():\n    x = 1\n    global x\n'
