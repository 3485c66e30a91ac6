x: int = 3
y: "str"
print(__annotations__, sorted(globals()))
