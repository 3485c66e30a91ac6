import sys
scope = {}
exec("def f():\n    return 1 / 0\n", scope)
exec(compile("x = 3", "<made>", "exec"))
print(x, eval("x + 1"), sorted(scope))
scope["f"]()
