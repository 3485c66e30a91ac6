"""Data breakpoints in real programs: each stop says what changed and where, in the frame that wrote."""
import sys
import unittest

from harness import Target

PROGRAM = """\
import threading


class Counter:
    def __init__(self):
        self.count = 0
        self.names = {"a": 1}

    def add(self, number):
        self.count += number  # @write
        return self.count  # @after

    def last(self):
        self.count = 99  # @last


def caller(counter):
    local = 1  # @begin
    counter.add(5)
    for local in (2, 3): pass  # @loop
    setattr(counter, "count", 7)  # @setattr
    counter.names["a"] = 2  # @item
    counter.names.update(a=3)  # @update
    counter.last()
    return local  # @return


TOTAL = 0


def use_global():
    global TOTAL
    TOTAL = 1  # @global
    return TOTAL  # @global_after


def fails(counter):
    value = 1  # @fails
    counter.add("text")
    value = 2
    return value


def in_thread(counter):
    counter.count = 1000
    return counter  # @in_thread


counter = Counter()
caller(counter)  # @start
use_global()
try:
    fails(counter)
except TypeError:
    pass
thread = threading.Thread(target=in_thread, args=(counter,))
thread.start()
thread.join()
print("end", counter.count, type(counter) is Counter, sorted(vars(Counter))[-2:])
"""
END = (0, "end 1000 True ['add', 'last']\n")


class Watched(Target):
    """A target that stops at a mark and then watches."""

    def __init__(self, mark, program=PROGRAM, **options):
        super().__init__(program, **options)
        self.set_breakpoints(mark)
        self.run()
        self.wait_stopped("breakpoint")
        self.set_breakpoints()

    def offer(self, expression, thread=1, frame=0, **arguments):
        if "variablesReference" not in arguments:
            arguments["frameId"] = self.stack(thread)[frame]["id"]
        return self.request("dataBreakpointInfo", name=expression, **arguments)

    def watch(self, *expressions, **settings):
        wanted = [dict(settings, dataId=self.offer(expression)["dataId"], accessType="write") for expression in expressions]
        answers = self.request("setDataBreakpoints", breakpoints=wanted)["breakpoints"]
        assert all(answer["verified"] for answer in answers), answers
        return answers

    def go_on(self, thread=1):
        """(function, line, description without the place) at the next data breakpoint."""
        self.request("continue", threadId=thread)
        stopped = self.wait_stopped("data breakpoint")
        change, _, place = stopped["description"].rpartition(" at ")
        self.place = place
        self.stopped = stopped
        return self.where(stopped["threadId"]) + (change,)


class DataBreakpointTest(unittest.TestCase):

    def ends(self, target, thread=1):
        target.request("continue", threadId=thread)
        self.assertEqual(END, target.finish()[:2])
        self.assertEqual([], target.events("gantryAgent/trouble"))

    def place(self, target, mark):
        return "main.py:%d" % target.line(mark)

    def name(self, bare):
        return bare if sys.version_info < (3, 11) else {"add": "Counter.add", "last": "Counter.last"}.get(bare, bare)

    def same(self, expected, found):
        """Compares (function, line, change); functions by their last part."""
        self.assertEqual(expected, (found[0].rpartition(".")[2],) + found[1:])

    def test_an_attribute_is_told_at_each_write_in_the_frame_that_wrote(self):
        with Watched("begin") as target:
            answers = target.watch("counter.count")
            self.same(("add", target.line("after"), "counter.count: 0 -> 5"), target.go_on())
            self.assertEqual(self.place(target, "write"), target.place)
            self.assertEqual([answers[0]["id"]], target.stopped["hitBreakpointIds"])
            self.assertEqual("5", target.evaluate("self.count"))
            self.same(("caller", target.line("item"), "counter.count: 5 -> 7"), target.go_on())
            self.same(("last", target.line("last"), "counter.count: 7 -> 99"), target.go_on())
            self.same(("in_thread", target.line("in_thread"), "counter.count: 99 -> 1000"), target.go_on())
            self.assertNotEqual(1, target.stopped["threadId"])
            self.ends(target, target.stopped["threadId"])

    def test_an_item_of_a_dictionary(self):
        with Watched("begin") as target:
            target.watch("counter.names['a']")
            self.same(("caller", target.line("update"), "counter.names['a']: 1 -> 2"), target.go_on())
            self.same(("caller", target.line("update") + 1, "counter.names['a']: 2 -> 3"), target.go_on())
            self.ends(target)

    def test_a_local_variable_and_the_end_of_its_call(self):
        with Watched("begin") as target:
            answers = target.watch("local")
            found = target.go_on()
            self.same(("caller", target.line("begin") + 1, "local: unset -> 1"), found)
            self.same(("caller", target.line("loop"), "local: 1 -> 2"), target.go_on())
            self.assertEqual("local: 2 -> 3", target.go_on()[2])
            self.ends(target)
            gone = target.events("breakpoint")
            self.assertEqual([("removed", answers[0]["id"])], [(one["reason"], one["breakpoint"]["id"]) for one in gone])
            self.assertIn("local is removed", "".join(one["output"] for one in target.events("output")))

    def test_a_local_whose_call_ends_by_an_exception_is_removed(self):
        with Watched("fails") as target:
            target.watch("value")
            self.assertEqual("value: unset -> 1", target.go_on()[2])
            self.ends(target)
            self.assertEqual(["removed"], [one["reason"] for one in target.events("breakpoint")])

    def test_a_global_of_the_module(self):
        with Watched("start") as target:
            target.watch("TOTAL")
            self.same(("use_global", target.line("global_after"), "TOTAL: 0 -> 1"), target.go_on())
            self.assertEqual(self.place(target, "global"), target.place)
            self.ends(target)

    def test_condition_and_hit_count(self):
        with Watched("begin") as target:
            target.watch("counter.count", condition="threading.current_thread() is threading.main_thread()", hitCondition="2")
            self.same(("caller", target.line("item"), "counter.count: 5 -> 7"), target.go_on())
            self.ends(target)

    def test_what_the_debugger_writes_is_no_change(self):
        with Watched("begin") as target:
            target.watch("counter.count")
            target.evaluate("setattr(counter, 'count', 50)", context="repl")
            self.same(("add", target.line("after"), "counter.count: 50 -> 55"), target.go_on())
            target.request("setDataBreakpoints", breakpoints=[])
            self.ends(target)

    def test_variables_of_the_view_can_be_chosen(self):
        with Watched("item") as target:
            frame_id = target.stack()[0]["id"]
            scopes = target.request("scopes", frameId=frame_id)["scopes"]
            found = target.request("variables", variablesReference=scopes[0]["variablesReference"])["variables"]
            counter = [one for one in found if one["name"] == "counter"][0]["variablesReference"]
            self.assertEqual(target.offer("local")["dataId"],
                             target.offer("local", variablesReference=scopes[0]["variablesReference"])["dataId"])
            target.request("variables", variablesReference=counter)
            body = target.offer("count", variablesReference=counter)
            self.assertEqual((["write"], False), (body["accessTypes"], body["canPersist"]))
            self.assertEqual(target.offer("counter.count")["dataId"], body["dataId"])
            target.request("setDataBreakpoints", breakpoints=[{"dataId": body["dataId"]}])
            self.assertEqual("counter.count: 7 -> 99", target.go_on()[2])
            self.assertIsNone(target.offer("counter.nothing.there")["dataId"])
            target.request("setDataBreakpoints", breakpoints=[])
            self.ends(target)

    def test_variables_that_were_not_shown_yet_can_be_chosen(self):
        with Watched("item") as target:
            scope = target.request("scopes", frameId=target.stack()[0]["id"])["scopes"][0]["variablesReference"]
            self.assertEqual(target.offer("local")["dataId"], target.offer("local", variablesReference=scope)["dataId"])
            found = target.request("variables", variablesReference=scope)["variables"]
            counter = [one for one in found if one["name"] == "counter"][0]["variablesReference"]
            self.assertEqual(target.offer("counter.count")["dataId"], target.offer("count", variablesReference=counter)["dataId"])
            missing = target.offer("nothing", variablesReference=counter)
            self.assertIsNone(missing["dataId"])
            self.assertIn("nothing has no place that the program could write to", missing["description"])
            self.ends(target)

    def test_variables_in_ranges_and_groups_can_be_chosen(self):
        program = ("class C:\n    def __init__(self):\n        self._hidden = 1\n        self.shown = 2\n\n"
                   "c = C()\nrow = list(range(2500))\nx = 1  # @start\nrow[150] = 0\nc._hidden = 3\nx = 2\n")
        with Watched("start", program, configure={"client": {"variableType": True, "variablePaging": False},
                                                  "variablePresentation": {"protected": "group"}}) as target:
            def below(reference, name):
                found = target.request("variables", variablesReference=reference)["variables"]
                return [one for one in found if one["name"] == name][0]["variablesReference"]
            scope = target.request("scopes", frameId=target.stack()[0]["id"])["scopes"][0]["variablesReference"]
            part = below(below(scope, "row"), "[100..199]")
            target.request("variables", variablesReference=part)
            group = below(below(scope, "c"), "protected variables")
            target.request("variables", variablesReference=group)
            chosen = [target.offer("150", variablesReference=part), target.offer("_hidden", variablesReference=group)]
            self.assertEqual([], [one for one in chosen if one["dataId"] is None])
            target.request("setDataBreakpoints", breakpoints=[{"dataId": one["dataId"]} for one in chosen])
            self.assertTrue(target.go_on()[2].endswith("[150]: 150 -> 0"), target.stopped)
            self.assertTrue(target.go_on()[2].endswith("_hidden: 1 -> 3"), target.stopped)
            target.request("continue", threadId=1)
            self.assertEqual((0, "", ""), target.finish())

    def test_a_breakpoint_on_the_line_of_the_stop_is_one_stop(self):
        with Watched("begin") as target:
            answers = target.watch("counter.count")
            lines = target.set_breakpoints("after")
            self.same(("add", target.line("after"), "counter.count: 0 -> 5"), target.go_on())
            self.assertEqual(sorted([answers[0]["id"], lines[0]["id"]]), sorted(target.stopped["hitBreakpointIds"]))
            self.same(("caller", target.line("item"), "counter.count: 5 -> 7"), target.go_on())
            target.request("setDataBreakpoints", breakpoints=[])
            target.set_breakpoints()
            self.ends(target)

    def test_steps_go_on_from_a_data_breakpoint(self):
        with Watched("begin") as target:
            target.watch("counter.count")
            target.go_on()
            function, line = target.go("next")
            self.assertEqual("caller", function)
            self.assertEqual(target.line("loop") - 1, line)
            self.assertEqual(("caller", target.line("loop")), target.go("next"))
            target.request("setDataBreakpoints", breakpoints=[])
            self.ends(target)

    @unittest.skipIf(sys.version_info < (3, 12), "before 3.12 all code is traced while something is watched")
    def test_code_that_cannot_write_is_not_touched(self):
        program = ("import sys\nclass C: pass\nc = C()\nc.x = 1\n\n"
                   "def busy():\n    total = 0\n    for number in range(300000):\n        total += number\n"
                   "    return total\n\ndef writes():\n    c.x = 2\n\n"
                   "def events(code):\n    tools = [tool for tool in range(6) if sys.monitoring.get_tool(tool)]\n"
                   "    return sum(sys.monitoring.get_local_events(tool, code) != 0 for tool in tools)\n\n"
                   "busy()\nprint('armed')  # @start\nbusy()\nwrites()\n"
                   "print(events(busy.__code__), events(writes.__code__) > 0)\n")
        with Watched("start", program) as target:
            target.watch("c.x")
            target.go_on()
            target.request("continue", threadId=1)
            self.assertEqual((0, "armed\n0 True\n", ""), target.finish())


if __name__ == "__main__":
    unittest.main()
