"""Every kind of line event that CPython makes; test_instrument.py runs it instrumented and traced and compares."""


def loops(n):
    total = 0
    for i in range(n):
        total += i
    for j in range(n): total += j
    while total > 100:
        total -= 7
        if total % 2:
            continue
    while n: n -= 1
    else:
        total += 1
    for k in (
        1,
        2,
    ):
        if k == 1:
            total += k
    return total


def one_line(x): return x + 1


def comprehensions(n):
    a = [i * 2 for i in range(n) if i]
    b = {
        i: i + 1
        for i in range(n)
        if i % 2
    }
    c = list(i for i in range(n)
             if i)
    return a, b, c, (lambda v: v * 2)(3)


def handlers(value):
    done = []
    try:
        try:
            done.append(10 // value)
        except ZeroDivisionError as error:
            done.append(str(error))
            raise ValueError("again") from error
        else:
            done.append("else")
        finally:
            done.append("finally")
    except (TypeError,
            ValueError):
        done.append("outer")
    try: raise KeyError(value)
    except KeyError: done.append("one line")
    for _ in range(2):
        try:
            continue
        finally:
            done.append("left")
    return done


class Guard:
    def __init__(self, swallow): self.swallow = swallow

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        return self.swallow


def guarded(swallow):
    with Guard(swallow) as first, \
            Guard(True):
        first.seen = 1
        raise ValueError
    with Guard(True): 1 / 0
    return first.seen


def numbers(n):
    for i in range(n):
        got = yield i
        if got:
            yield from numbers(1)
    try:
        yield -1
    finally:
        n = 0


def generators():
    source = numbers(3)
    first = next(source)
    second = source.send(True)
    rest = list(source)
    closed = numbers(0)
    next(closed)
    closed.close()
    return first, second, rest


def matching(value):
    match value:
        case {"a": 1}:
            return "map"
        case [1, *rest] if rest:
            return rest
        case int() | str():
            return "plain"
        case _:
            return None


def calls(value):
    result = one_line(
        one_line(
            value))
    text = f"{result} {value!r:>4}"
    ok = value and \
        result or \
        text
    result = (value
              if ok
              else text)
    assert ok, \
        "never"
    return result, text


class Body:
    field = 1
    for name in ("a", "b"):
        locals()[name] = field

    @property
    def value(self):
        return self.field


async def waiting(n):
    async def inner(k):
        return k
    async with AsyncGuard() as guard:
        total = await inner(n)
    async for item in items(n):
        total += item
    return total, [item async for item in items(n)], guard is not None


class AsyncGuard:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *details):
        return False


async def items(n):
    for i in range(n):
        yield i


def drive(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value


def groups():
    try:
        raise ExceptionGroup("two", [ValueError(1), TypeError(2)])
    except* ValueError as found:
        count = len(found.exceptions)
    except* TypeError:
        count += 10
    return count


def nested():
    def recursive(n):
        if n == 0:
            return 0
        return recursive(n - 1) + 1
    value = recursive(4)
    del recursive
    while True:
        value -= 1
        if value < 0:
            break
    return value


def main():
    return (
        loops(6), one_line(1), comprehensions(5), handlers(0), handlers(1), handlers("x") if False else None,
        guarded(True), guarded(False), generators(), [matching(v) for v in ({"a": 1}, [1, 2], [1], 5, None)],
        calls(1), calls(0), Body().value, drive(waiting(3)), groups(), nested())
