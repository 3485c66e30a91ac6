import builtins
def broken(*args, **options):
    raise RuntimeError("no such builtin")
for name in ("open", "len", "isinstance", "getattr", "type", "list", "repr", "__import__"):
    setattr(builtins, name, broken)
1 / 0
