#: as code
x = 1
def f(:
