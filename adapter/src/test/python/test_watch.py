"""Data breakpoints: places that can be watched, code that can write to them, and changes that are told."""
import collections
import enum
import gc
import sys
import unittest
import weakref

from gantry_agent import places, static, watch, watch_trace, writers


class Counter:
    total = 0

    def __init__(self):
        self.count = 0

    def add(self, number):
        self.count += number
        return self.count

    def by_name(self, name, value):
        setattr(self, name, value)

    def other(self):
        self.unrelated = self.count


class Slotted:
    __slots__ = ("x", "__weakref__")


class Computed:
    @property
    def area(self):
        return 1


def code(text):
    return compile(text, "<text>", "exec")


class WritersTest(unittest.TestCase):

    def lines(self, text, *ways, name="x"):
        return writers.hot_lines(code(text), ways, name)

    def test_only_code_that_stores_to_the_name_can_write_an_attribute(self):
        self.assertEqual({2}, self.lines("a = 1\no.x = 2\nb = o.y\n", writers.NAMES))
        self.assertIsNone(self.lines("b = o.x\nprint(b)\no.y = 1\n", writers.NAMES))
        self.assertEqual({1}, self.lines("del o.x\n", writers.NAMES))

    def test_a_line_with_a_call_may_write_as_well(self):
        self.assertEqual({1, 3}, self.lines("o.x = 2\na = 3\nf()\n", writers.NAMES))

    def test_names_that_reach_attributes_are_known(self):
        self.assertEqual({1}, self.lines("setattr(o, n, 2)\nb = 1\n", writers.NAMES))
        self.assertEqual({1}, self.lines("o.__dict__.update(a)\nb = 1\n", writers.NAMES))

    def test_loops_and_withs_and_imports_store_too(self):
        self.assertIn(1, self.lines("for o.x in y:\n  pass\n", writers.NAMES))
        self.assertIn(1, self.lines("import os as x\n", writers.NAMES))

    def test_items_are_written_by_subscript_in_place_or_by_a_method(self):
        self.assertEqual({2}, self.lines("b = a[0]\na[0] = 1\n", writers.SUBSCRIPTS))
        self.assertEqual({2}, self.lines("b = a\nb.append(1)\n", writers.SUBSCRIPTS))
        if sys.version_info >= (3, 9):
            self.assertEqual({2}, self.lines("b = a\nb |= c\n", writers.SUBSCRIPTS))
        self.assertIn(2, self.lines("b = a\nb[0:1] = [1]\n", writers.SUBSCRIPTS))
        self.assertIsNone(self.lines("b = a[0]\nb = b + 1\n", writers.SUBSCRIPTS))

    def test_the_quick_look_never_says_no_to_code_that_can_write(self):
        import json.decoder
        import collections
        for module in (json.decoder, collections, unittest.case, writers, places):
            with open(module.__file__, encoding="utf-8") as file:
                outer = compile(file.read(), module.__file__, "exec")
            for one in [outer] + writers.nested(outer):
                for ways, name in (((writers.NAMES,), "count"), ((writers.SUBSCRIPTS,), 0), ((writers.NAMES, writers.SUBSCRIPTS), "x")):
                    if writers.hot_lines(one, ways, name) is not None:
                        self.assertTrue(writers.may_write(one, ways, name), (one, ways))

    def test_closures_write_shared_variables(self):
        outer = code("def f():\n x = 0\n def g():\n  nonlocal x\n  x = 1\n def h():\n  return x\n return g\n")
        inner = {one.co_name: one for one in writers.nested(outer)}
        self.assertEqual({5}, writers.hot_lines(inner["g"], (writers.VARIABLES,), "x"))
        self.assertIsNone(writers.hot_lines(inner["h"], (writers.VARIABLES,), "x"))

    def test_long_functions_with_many_names_are_read_right(self):
        text = "\n".join("name_%d = %d" % (index, index) for index in range(600)) + "\no.x = 1\n"
        self.assertEqual({601}, self.lines(text, writers.NAMES))
        self.assertEqual({500}, self.lines(text, writers.NAMES, name="name_499"))


class PlacesTest(unittest.TestCase):

    def test_reading_runs_nothing_of_the_program(self):
        class Loud:
            def __getattribute__(self, name):
                raise AssertionError(name)

            def __eq__(self, other):
                raise AssertionError("eq")
            __hash__ = None
        loud = Loud()
        object.__setattr__(loud, "x", loud)
        place = places.Attribute(loud, "x")
        self.assertIs(loud, place.read())
        held = places.Held(place.read())
        self.assertTrue(held.same(place.read()))
        self.assertFalse(held.same(Loud()))

    def test_slots_classes_and_missing_attributes(self):
        slotted = Slotted()
        place = places.Attribute(slotted, "x")
        self.assertIs(static.MISSING, place.read())
        slotted.x = 5
        self.assertEqual(5, place.read())
        self.assertEqual(0, places.Attribute(Counter, "total").read())
        counter = Counter()
        self.assertEqual(0, places.Attribute(counter, "total").read())
        self.assertIs(static.MISSING, places.Attribute(counter, "later").read())

    def refused(self, make, *parts):
        with self.assertRaises(places.Unwatchable) as caught:
            make()
        for part in parts:
            self.assertIn(part, str(caught.exception))

    def test_what_cannot_be_watched_says_why(self):
        self.refused(lambda: places.Attribute(Computed(), "area"), "computed", "property")
        self.refused(lambda: places.Attribute(5, "real"), "computed")
        self.refused(lambda: places.Attribute(object(), "x"), "no attributes of its own")
        self.refused(lambda: places.Attribute(int, "x"), "built in")
        self.refused(lambda: places.Item((1, 2), 0), "cannot be changed")
        self.refused(lambda: places.Item({1}, 0), "cannot be watched")
        Color = enum.Enum("Color", "RED")
        self.refused(lambda: places.Item({Color.RED: 1}, Color.RED), "key", "own code")

    def test_items(self):
        self.assertEqual(2, places.Item([1, 2], -1).read())
        self.assertIs(static.MISSING, places.Item([1], 3).read())
        self.assertEqual(2, places.Item({(1, "a"): 2}, (1, "a")).read())
        ordered, queue = collections.OrderedDict(a=1), collections.deque([1])
        self.assertEqual(1, places.Item(ordered, "a").read())
        self.assertEqual(1, places.Item(queue, 0).read())
        self.assertEqual(65, places.Item(bytearray(b"A"), 0).read())

    def test_equal_plain_values_are_the_same_and_other_objects_are_not(self):
        same = places.Held
        self.assertTrue(same(10 ** 9).same(int("1000000000")))
        self.assertTrue(same("a" * 50).same("".join(["a"] * 50)))
        self.assertTrue(same((1, "x")).same(tuple([1, "x"])))
        self.assertFalse(same(1).same(True))
        self.assertFalse(same(1).same(1.0))
        one, other = [1], [1]
        self.assertFalse(same(one).same(other))
        self.assertFalse(same(static.MISSING).same(None))

    def test_nothing_is_kept_alive(self):
        counter = Counter()
        gone = weakref.ref(counter)
        place = places.Attribute(counter, "count")
        counter.count = value = Counter()
        held = places.Held(place.read())
        value_gone = weakref.ref(value)
        del counter, value
        gc.collect()
        self.assertIsNone(gone())
        self.assertIsNone(value_gone())
        self.assertTrue(place.gone())
        self.assertFalse(held.same(Counter()))

    def test_values_in_a_few_words(self):
        self.assertEqual("unset", places.brief(static.MISSING))
        self.assertEqual("'abc'", places.brief("abc"))
        self.assertEqual("list of 1 item", places.brief([1]))
        self.assertEqual("dict of 2 items", places.brief({1: 2, 2: 3}))
        self.assertTrue(places.brief("x" * 1000).endswith("..."))
        self.assertEqual("int of 4001 bits", places.brief(1 << 4000))
        self.assertRegex(places.brief(Counter()), r"^(test_watch\.)?Counter object at 0x")


class FakeAgent:
    """What Watches needs of the agent."""

    class settings:
        just_my_code = False

    def __init__(self):
        self.events, self.engine, self.files, self.stops = [], self, self, self

    def is_user(self, code):
        return code.co_filename == __file__

    def watch_changed(self):
        pass

    def anybody(self):
        return True

    def send_event(self, name, body):
        self.events.append((name, body))


class Traced:
    """An engine of a few lines over sys.settrace: hits are collected as (function, line, description)."""

    def __init__(self, agent, watches):
        self.watches, self.hits = watches, []

    def note(self, hit):
        if hit is not None:
            self.hits.append((hit.frame.f_code.co_name, hit.frame.f_lineno, hit.description.rpartition(" at ")[0]))

    def global_trace(self, frame, event, arg):
        if self.watches.wants(frame.f_code):
            self.watches.started(frame)
            return self.local_trace

    def local_trace(self, frame, event, arg):
        self.note(watch_trace.told(self.watches, frame, event))
        return self.local_trace

    def run(self, function, *args):
        before = sys.gettrace()
        sys.settrace(self.global_trace)
        try:
            return function(*args)
        finally:
            sys.settrace(before)

    def here(self, frame):
        """Traces a frame that runs already."""
        frame.f_trace = self.local_trace


class ChangesTest(unittest.TestCase):

    def setUp(self):
        self.agent = FakeAgent()
        self.watches = watch.Watches(self.agent)
        self.traced = Traced(self.agent, self.watches)

    def set(self, *chosen, check=None):
        offers = [(self.watches.offer(place), None, (), check, number) for number, place in enumerate(chosen, 1)]
        answers = self.watches.replace(offers)
        self.assertEqual([True] * len(chosen), [answer["verified"] for answer in answers], answers)

    def test_a_write_is_told_at_the_next_line_in_the_frame_that_wrote(self):
        counter = Counter()
        self.set(places.Attribute(counter, "count", "counter.count"))
        self.traced.run(counter.add, 5)
        line = Counter.add.__code__.co_firstlineno
        self.assertEqual([("add", line + 2, "counter.count: 0 -> 5")], self.traced.hits)

    def test_the_same_value_again_is_no_change(self):
        counter = Counter()
        self.set(places.Attribute(counter, "count"))
        self.traced.run(counter.add, 0)
        self.assertEqual([], self.traced.hits)

    def test_setattr_is_seen(self):
        counter = Counter()
        self.set(places.Attribute(counter, "count"))
        self.traced.run(counter.by_name, "count", 7)
        self.assertEqual([("by_name", Counter.by_name.__code__.co_firstlineno + 1, "count: 0 -> 7")], self.traced.hits)

    def test_other_objects_of_the_class_are_not_told(self):
        watched, other = Counter(), Counter()
        self.set(places.Attribute(watched, "count"))
        self.traced.run(other.add, 5)
        self.assertEqual([], self.traced.hits)
        self.assertFalse(self.watches.wants(Counter.other.__code__))
        self.assertIs(Counter, type(watched))

    def test_a_write_in_the_last_line_is_told_when_the_function_returns(self):
        counter = Counter()

        def last():
            counter.count = 9
        self.set(places.Attribute(counter, "count"))
        self.traced.run(last)
        self.assertEqual([("last", last.__code__.co_firstlineno + 1, "count: 0 -> 9")], self.traced.hits)

    def test_each_pass_of_a_loop_on_one_line_is_told(self):
        counter = Counter()

        def loop():
            for number in (1, 2, 3): counter.count = number  # noqa
            return None
        self.set(places.Attribute(counter, "count"))
        self.traced.run(loop)
        self.assertEqual(["count: 0 -> 1", "count: 1 -> 2", "count: 2 -> 3"], [hit[2] for hit in self.traced.hits])

    def test_items_of_lists_and_dictionaries(self):
        table, row = {"a": 1}, [1, 2]

        def change():
            table["a"] = 2
            row.append(3)
            row[0] = 9
            table.pop("a")
            return None
        self.set(places.Item(table, "a"), places.Item(row, 0))
        self.traced.run(change)
        first = change.__code__.co_firstlineno
        self.assertEqual([("change", first + 2, "['a']: 1 -> 2"), ("change", first + 4, "[0]: 1 -> 9"),
                          ("change", first + 5, "['a']: 2 -> unset")], self.traced.hits)

    def test_a_module_global(self):
        space = {"__name__": "made", "x": 1}
        exec(code("def f():\n global x\n x = 2\n x = 3\n return x\n"), space)
        self.set(places.Global(space, "x"))
        self.traced.run(space["f"])
        self.assertEqual([("f", 4, "x: 1 -> 2"), ("f", 5, "x: 2 -> 3")], self.traced.hits)

    def test_a_local_of_one_call_and_not_of_the_others(self):
        def recurse(depth):
            value = depth
            if depth == 2:
                self.set(places.Local(sys._getframe(), "value"))
                self.traced.here(sys._getframe())
            if depth:
                recurse(depth - 1)
            value += 10
            return value
        self.traced.run(recurse, 3)
        line = recurse.__code__.co_firstlineno
        self.assertEqual([("recurse", line + 8, "value: 2 -> 12")], self.traced.hits)

    def test_a_local_whose_call_has_ended_is_removed_and_that_is_told(self):
        def f():
            value = 1
            self.set(places.Local(sys._getframe(), "value"))
            self.traced.here(sys._getframe())
            return value
        self.traced.run(f)
        self.assertFalse(self.watches.active)
        self.assertEqual(["breakpoint", "output"], [name for name, _ in self.agent.events])
        self.assertEqual("removed", self.agent.events[0][1]["reason"])
        self.assertIn("value", self.agent.events[1][1]["output"])

    def test_a_variable_shared_with_a_closure(self):
        def f():
            value = 1

            def inner():
                nonlocal value
                value = 2
                return value
            self.set(places.Local(sys._getframe(), "value"))
            inner()
            return inner
        inner = self.traced.run(f)
        self.assertEqual([("inner", inner.__code__.co_firstlineno + 3, "value: 1 -> 2")], self.traced.hits)

    def test_a_generator_keeps_its_watch_over_yields(self):
        def g():
            value = 0
            self.set(places.Local(sys._getframe(), "value"))
            self.traced.here(sys._getframe())
            for value in (1, 2):
                yield value
        self.assertEqual([1, 2], self.traced.run(list, g()))
        self.assertEqual(["value: 0 -> 1", "value: 1 -> 2"], [hit[2] for hit in self.traced.hits])
        self.assertFalse(self.watches.active)

    def test_a_coroutine_keeps_its_watch_over_awaits(self):
        import types

        @types.coroutine
        def pause():
            yield None

        async def c():
            value = 0
            self.set(places.Local(sys._getframe(), "value"))
            self.traced.here(sys._getframe())
            for value in (1, 2):
                await pause()
        made = c()
        for _ in range(2):
            self.traced.run(made.send, None)
            self.assertTrue(self.watches.active)
        with self.assertRaises(StopIteration):
            self.traced.run(made.send, None)
        self.assertEqual(["value: 0 -> 1", "value: 1 -> 2"], [hit[2] for hit in self.traced.hits])
        self.assertFalse(self.watches.active)

    def test_a_write_after_a_yield_on_the_same_line(self):
        counter = Counter()

        def g():
            counter.count = yield 1
            other = 1
            return other
        self.set(places.Attribute(counter, "count"))
        made = g()
        self.traced.run(next, made)
        with self.assertRaises(StopIteration):
            self.traced.run(made.send, 5)
        self.assertEqual([("g", g.__code__.co_firstlineno + 2, "count: 0 -> 5")], self.traced.hits)

    def test_a_write_before_a_call_on_the_same_line_is_the_callers(self):
        counter = Counter()

        def callee():
            other = Counter()
            other.count = 2
            return other

        def caller():
            counter.count = 1; callee()  # noqa
            return None
        self.set(places.Attribute(counter, "count"))
        self.traced.run(caller)
        self.assertEqual([("caller", caller.__code__.co_firstlineno + 1, "count: 0 -> 1")], self.traced.hits)

    def test_an_object_that_is_gone_ends_its_watch(self):
        counter = Counter()
        self.set(places.Attribute(counter, "count"))
        del counter
        gc.collect()
        self.watches.resumed()
        self.assertFalse(self.watches.active)
        self.assertIn("gone", self.agent.events[-1][1]["output"])

    def test_changes_made_while_stopped_are_no_hits(self):
        counter = Counter()
        self.set(places.Attribute(counter, "count"))
        self.watches.by_debugger(lambda: setattr(counter, "count", 77))
        self.watches.resumed()
        self.traced.run(counter.add, 0)
        self.assertEqual([], self.traced.hits)

    def test_a_change_of_the_program_that_was_not_told_yet_is_told_after_one_of_the_debugger(self):
        counter = Counter()
        self.set(places.Attribute(counter, "count"))
        counter.count = 5
        self.watches.by_debugger(lambda: setattr(counter, "count", 6))
        self.traced.run(counter.add, 0)
        self.assertEqual(["count: 0 -> 6"], [hit[2] for hit in self.traced.hits])

    def test_a_check_that_says_no_is_no_hit(self):
        counter = Counter()
        self.set(places.Attribute(counter, "count"), check=lambda frame: frame.f_locals["number"] > 2)
        self.traced.run(counter.add, 1)
        self.traced.run(counter.add, 3)
        self.assertEqual(["count: 1 -> 4"], [hit[2] for hit in self.traced.hits])

    def test_the_same_place_keeps_its_id_and_unknown_ones_are_refused(self):
        counter = Counter()
        first = self.watches.offer(places.Attribute(counter, "count"))
        self.assertEqual(first, self.watches.offer(places.Attribute(counter, "count")))
        self.assertNotEqual(first, self.watches.offer(places.Attribute(counter, "other")))
        answers = self.watches.replace([(first, "read", (), None, 1), ("nonsense", "write", (), None, 2),
                                        (first, "write", (), None, 3)])
        self.assertEqual([False, False, True], [answer["verified"] for answer in answers])
        self.assertIn("Reading", answers[0]["message"])
        self.assertIn("choose it again", answers[1]["message"])

    def test_library_code_that_writes_is_shown_at_the_line_of_the_users_that_called_it(self):
        counter = Counter()
        space = {}
        exec(compile("def library(c):\n c.count = 5\n return c\n", "/usr/lib/lib.py", "exec"), space)
        self.agent.settings = type("settings", (), {"just_my_code": True})

        def user():
            space["library"](counter)
            return None
        self.set(places.Attribute(counter, "count"))
        self.traced.run(user)
        self.assertEqual([("user", user.__code__.co_firstlineno + 1, "count: 0 -> 5")], self.traced.hits)


if __name__ == "__main__":
    unittest.main()
