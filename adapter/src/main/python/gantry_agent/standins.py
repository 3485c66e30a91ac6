"""Stand-ins for functions and classes that no start needs, so that a start does not take in their code; see bundle.py, which makes them.

Whoever calls one calls the function, at the price of two frames more: all of its module become what they stand for. That is done before
anything is looked at, too. Of a class the module's name is the class itself then; who has taken the stand-in from there goes on to call
the class through it. Any thread, without a lock: two that do it at once do the same, but may make a class twice.
"""
import marshal

from gantry_agent import private

_Function = type(lambda: None)
_functions = {}  # the stand-ins by short name of their module, in the order of its text


def maker(name, namespace):
    """What the module's code has as `stand_in`: stand_in() makes the next one, stand_in(n) is what the n-th stands for."""
    functions = _functions[name] = []
    code = _code

    def stand_in(number=None):
        if number is not None:
            _become(name)
            return functions[number]
        function = _Function(code, namespace)
        function.__kwdefaults__ = {"_number": len(functions)}
        functions.append(function)
        return function
    return stand_in


def _stand_in(*args, _number, **kws):
    return stand_in(_number)(*args, **kws)  # noqa: F821  the module's


def _make(*args, _number, _class, **kws):
    return _class(*args, **kws)


_code = _stand_in.__code__


def _become(name):
    """The stand-ins of the module are what they stand for. Raises ImportError if that cannot be read."""
    for function, (code, defaults, named) in zip(_functions[name], marshal.loads(private.marshalled(private.LATER + name))):
        if function.__code__ is not _code:
            continue
        if named is None:  # the code defines the class of this name
            if function.__globals__[defaults] is function:
                exec(code, function.__globals__)
            function.__kwdefaults__ = dict(function.__kwdefaults__, _class=function.__globals__[defaults])
            function.__code__ = _make.__code__
        else:  # whoever calls it in between has all that either code needs
            function.__defaults__ = defaults
            function.__kwdefaults__ = dict(function.__kwdefaults__, **named)
            function.__name__, function.__qualname__ = code.co_name, getattr(code, "co_qualname", code.co_name)
            function.__code__ = code


def finish():
    """All of all modules."""
    for name, functions in list(_functions.items()):
        if any(function.__code__ is _code for function in functions):
            _become(name)
