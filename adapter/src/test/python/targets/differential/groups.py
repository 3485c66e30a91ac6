#: since 3.11
def f(n):
    raise ValueError(n)
errors = []
for n in range(3):
    try:
        f(n)
    except ValueError as error:
        error.add_note("note %d" % n)
        errors.append(error)
raise ExceptionGroup("several", errors + [ExceptionGroup("inner", errors[:1])])
