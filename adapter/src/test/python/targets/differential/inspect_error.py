#: python -i
#: stdin print(x)\n
x = 3
1 / 0
