x = "\d"
if x is "d":
    pass
y = (
