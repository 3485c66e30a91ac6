"""Stand-ins for functions that no start runs: which there are, and that each becomes what it stands for."""
import ast
import importlib
import marshal
import os
import sys
import tempfile
import textwrap
import threading
import unittest
from unittest import mock

from gantry_agent import bundle, private, standins
from harness import SOURCES, Target

SAMPLE = '''
    """Text."""
    import functools

    _WORD = "word"

    def plain(a, b=2, *more, c=3, d=None, **named):
        "Says what it gets."
        return a, b, more, c, d, named

    def kept():
        return "kept"

    def computed(word=_WORD):
        return word

    @functools.lru_cache(maxsize=None)
    def decorated():
        return "decorated"

    def generator(n):
        for number in range(n):
            yield number

    def outer():
        def inner():
            return "inner"
        return inner

    class Base:
        def __new__(cls, *_):
            return object.__new__(cls)

        def __init__(self, value=7):
            self.value = value

        @property
        def twice(self):
            return self.value * 2

        @twice.setter
        def twice(self, value):
            self.value = value // 2

        @staticmethod
        def fixed(a, *, b=1):
            return a + b

        @classmethod
        def made(cls, value):
            return cls(value)

        def name(self):
            return "base"

    class Derived(Base):
        def name(self):
            return "derived of " + super().name()

        alias = Base.name

    class Held:
        """A class that nobody makes an object of at first."""
        count = 3

        def __init__(self, value, *, more=1):
            self.value, self.more = value, more

        def name(self):
            return "held " + str(self.value)

    def holding():
        return Held(5, more=Held.count)

    if True:
        def conditional():
            return "conditional"
'''

# Everything that the sample can be asked; the values are the same with stand-ins and without.
QUESTIONS = ("plain(1)", "plain(1, 5, 6, c=7, e=8)", "kept()", "computed()", "decorated()", "list(generator(3))", "outer()()", "Base().value",
             "Base.made(4).twice", "Base.fixed(1)", "Base.fixed(1, b=5)", "Derived(1).name()", "Derived().alias()", "conditional()", "plain.__name__",
             "Held(1).name()", "Held(2, more=4).more", "Held(value=1).value", "(holding().value, holding().more) if Held(0) else 0",
             "Base.name.__qualname__ if sys.version_info >= (3, 11) else None", "plain.__defaults__", "setattr(Base(), 'twice', 8)")

LOOK = textwrap.dedent('''
    def functions(space, path=()):
        """(how it is called, its code's name, line, arguments, defaults) of all functions of a namespace, and of its classes."""
        found = []
        for name, value in sorted(space.items()):
            for kind, one in (("", value), ("static", getattr(value, "__func__", None)), ("get", getattr(value, "fget", None)),
                              ("set", getattr(value, "fset", None))):
                if type(one) is type(functions) and one.__module__ == space.get("__module__", space.get("__name__")):
                    code = one.__code__
                    known = code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]
                    named = sorted((word, repr(default)) for word, default in (one.__kwdefaults__ or {}).items() if word in known)
                    found.append((path + (name, kind), one.__name__, code.co_name, code.co_firstlineno, known, repr(one.__defaults__), named))
            if isinstance(value, type) and value.__module__ == space.get("__name__") and not path:
                found += functions(vars(value), (name,))
        return found
''')


class Sample(unittest.TestCase):

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        with open(os.path.join(directory.name, "sample.py"), "w", encoding="ascii") as file:
            file.write(textwrap.dedent(SAMPLE))
        whole = bundle._compiled(directory.name, "sample.py")
        self.code, self.later = bundle._with_stand_ins(directory.name, "sample.py", whole, {"kept"}, {"Held"})
        patch = mock.patch.object(private, "marshalled", self.marshalled)
        patch.start()
        self.addCleanup(patch.stop)
        self.addCleanup(standins._functions.pop, "sample")
        self.space = {"__name__": "sample", "sys": sys}
        self.space["stand_in"] = standins.maker("sample", self.space)
        exec(self.code, self.space)
        self.read = 0

    def marshalled(self, name):
        self.assertEqual("later sample", name)
        self.read += 1
        return marshal.dumps(self.later)

    def stand_ins(self):
        return [function for function in standins._functions["sample"] if function.__code__ is standins._code]

    def test_what_needs_more_than_its_code_has_none(self):
        self.assertEqual(["plain", "outer", "__new__", "__init__", "twice", "fixed", "made", "name", "<module>", "holding"],
                         [code.co_name for code, _, _ in self.later])
        self.assertEqual(["Held"], [name for _, name, named in self.later if named is None])

    def test_a_class_is_itself_from_its_first_object_on(self):
        taken = self.space["Held"]
        first = taken(7)
        held = self.space["Held"]
        self.assertIs(held, type(first))
        self.assertIs(held, type(taken(8)), "who has taken the stand-in makes the same")
        self.assertEqual(("Held", "sample", "held 9", 3), (held.__qualname__, held.__module__, held(9).name(), held.count))

    def test_the_module_does_what_it_does(self):
        plain = {"__name__": "sample", "sys": sys}
        exec(compile(textwrap.dedent(SAMPLE), "sample", "exec"), plain)
        first = self.space["outer"]()
        self.assertEqual("inner", first())
        self.assertEqual([], self.stand_ins(), "one call is enough for all")
        for question in QUESTIONS:
            self.assertEqual(eval(question, plain), eval(question, self.space), question)
        self.assertEqual(1, self.read)

    def test_each_can_be_the_first(self):
        for question in QUESTIONS:
            plain = {"__name__": "sample", "sys": sys}
            exec(compile(textwrap.dedent(SAMPLE), "sample", "exec"), plain)
            self.space["stand_in"] = standins.maker("sample", self.space)
            exec(self.code, self.space)
            if ".__" not in question:
                self.assertEqual(eval(question, plain), eval(question, self.space), question)

    def test_all_at_once(self):
        standins.finish()
        standins.finish()
        self.assertEqual([], self.stand_ins())
        self.assertEqual((1, 1), (self.read, self.space["Base"].fixed(0)))

    def test_threads_that_call_at_once(self):
        for _ in range(50):
            self.space["stand_in"] = standins.maker("sample", self.space)
            exec(self.code, self.space)
            start, answers = threading.Barrier(4), []

            def call():
                start.wait()
                answers.append((self.space["plain"](1, e=2), self.space["Base"].made(3).twice))
            threads = [threading.Thread(target=call) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual([((1, 2, (), 3, None, {"e": 2}), 6)] * 4, answers)

    def test_what_cannot_be_read_is_said_and_read_later(self):
        with mock.patch.object(private, "marshalled", side_effect=ImportError("not there")):
            with self.assertRaisesRegex(ImportError, "not there"):
                self.space["plain"](1)
        self.assertEqual((1, 2, (), 3, None, {}), self.space["plain"](1))


class Agent(unittest.TestCase):

    def test_the_table_names_what_there_is(self):
        for name, kept in bundle._RUN_EARLY.items():
            with open(os.path.join(SOURCES, name + ".py"), encoding="utf-8") as file:
                tree = ast.parse(file.read())
            there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            self.assertEqual(set(), set(kept.split()) - there, name)

    def test_classes_that_are_not_made_early_are_only_called(self):
        """Until it is made, a class is a function: it can be neither subclassed, caught nor asked for."""
        names = {(module, name) for module, classes in bundle._NOT_MADE_EARLY.items() for name in classes.split()}
        found = set()
        for file in sorted(os.listdir(SOURCES)):
            if not file.endswith(".py"):
                continue
            with open(os.path.join(SOURCES, file), encoding="utf-8") as stream:
                tree = ast.parse(stream.read())
            module, taken = file[:-3], {}
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef) and (module, node.name) in names:
                    taken[node.name] = module, node.name
                    found.add((module, node.name))
                elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gantry_agent."):
                    for alias in node.names:
                        if (node.module.rpartition(".")[2], alias.name) in names:
                            taken[alias.asname or alias.name] = node.module, alias.name
            called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
            for node in ast.walk(tree):
                uses = (isinstance(node, ast.Name) and node.id in taken
                        or isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in names)
                if uses and id(node) not in called:
                    self.fail("%s, line %d: %s is not called here" % (file, node.lineno, ast.dump(node)))
        self.assertEqual(names, found)

    def test_all_functions_are_there_when_something_is_looked_at(self):
        program = LOOK + textwrap.dedent('''
            import gc
            x = 1  # @here
            spaces = {}
            for one in gc.get_objects():
                if type(one) is type(functions) and one.__code__.co_filename.startswith("<gantry_agent/"):
                    spaces[one.__globals__.get("__name__")] = one.__globals__
            print({name: functions(space) for name, space in spaces.items() if name})
        ''')
        scope = {}
        exec(LOOK, scope)
        for _ in range(2):  # without a bundle, and with it
            with Target(program) as target:
                target.set_breakpoints("here")
                target.run()
                target.wait_stopped("breakpoint")
                target.request("continue", threadId=1)
                status, output, errors = target.finish()
            self.assertEqual((0, ""), (status, errors))
            there = eval(output)
            for name in set(bundle._EARLY) & set(bundle._RUN_EARLY):
                expected = scope["functions"](vars(importlib.import_module("gantry_agent." + name)))
                self.assertEqual(expected, there["gantry_agent." + name])
                self.assertTrue(expected)


if __name__ == "__main__":
    unittest.main()
