#: env PYTHONWARNINGS=error
x = "\d"
if x is "d":
    pass
