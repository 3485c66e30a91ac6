def a():
    raise ValueError("a")
def b():
    try:
        a()
    except ValueError as error:
        raise KeyError("b") from error
def c():
    try:
        b()
    except KeyError:
        [][1]
try:
    c()
finally:
    print("out")
