x = "\d"
if x is "d":
    pass
print("done")
