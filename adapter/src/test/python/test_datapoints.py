"""dataBreakpointInfo and setDataBreakpoints: what can be chosen, and what is refused with which words."""
import sys
import unittest

from gantry_agent import datapoints, watch
from test_watch import Counter, FakeAgent, Traced

SOME_GLOBAL = 1


class Entry:
    """A node of the variables view, as handles.py keeps it."""

    def __init__(self, frame=None, value=None, expr=None, **where):
        self.frame = type("Frame", (), {"frame": frame})
        self.value, self.expr, self.source, self.places = value, expr, None, where


class Looking:
    """What datapoints needs of looking: the numbers that are known."""

    def __init__(self):
        self.handles, self.live, self.numbers = self, {}, {}


class Stopped:
    def __init__(self, frame):
        self.frame = frame


class InfoTest(unittest.TestCase):

    def setUp(self):
        self.agent = FakeAgent()
        self.watches = watch.Watches(self.agent)
        self.looking = Looking()

    def info(self, name, frame=None, **arguments):
        frame = frame or sys._getframe(1)
        return datapoints.info(self.watches, self.looking, dict(arguments, name=name), Stopped(frame))

    def test_a_local_an_attribute_an_item_and_a_global(self):
        counter, table = Counter(), {"key": [1, 2]}
        for expression, words in (("counter", "counter"), ("counter.count", "counter.count of"),
                                  ("table['key']", "table['key'] of dict of 1 item"),
                                  ("table['key'][1]", "of list of 2 items"), ("SOME_GLOBAL", "SOME_GLOBAL of module")):
            body = self.info(expression)
            self.assertIsNotNone(body["dataId"], body)
            self.assertEqual(["write"], body["accessTypes"])
            self.assertIs(False, body["canPersist"])
            self.assertIn(words, body["description"])
        self.assertEqual(self.info("counter")["dataId"], self.info("counter")["dataId"])
        del counter, table

    def test_what_cannot_be_watched_has_no_id_and_says_why(self):
        counter, pair = Counter(), (1, 2)
        for expression, words in (("nothing_of_that_name", "no variable here"), ("pair[0]", "cannot be changed"),
                                  ("counter.count + 1", "only variables"), ("1 +", "not an expression"),
                                  ("counter.nope.deeper", "AttributeError"), ("pair[0:1]", "slice"), ("len", "no variable")):
            body = self.info(expression)
            self.assertIsNone(body["dataId"], body)
            self.assertIn(words, body["description"])
            self.assertNotIn("accessTypes", body)
        self.assertIn("addresses", self.info("pair", asAddress=True)["description"])
        del counter

    def test_a_variable_of_the_view_is_found_by_its_reference(self):
        counter = Counter()
        frame = sys._getframe()
        self.looking.live = {7: Entry(frame, counter=("local", "counter")),
                             8: Entry(frame, counter, "counter", count=("attribute", "count")),
                             9: Entry(frame, {"a": 1}, "made", **{"'a'": ("item", "a")}),
                             10: Entry(frame, x=("global", "SOME_GLOBAL"))}
        self.assertEqual(self.info("counter")["dataId"], self.info("counter", variablesReference=7)["dataId"])
        body = self.info("count", variablesReference=8)
        self.assertEqual(self.info("counter.count")["dataId"], body["dataId"])
        self.assertIn("counter.count of", body["description"])
        self.assertIn("made['a'] of dict", self.info("'a'", variablesReference=9)["description"])
        self.assertIn("SOME_GLOBAL", self.info("x", variablesReference=10)["description"])
        self.assertIsNone(self.info("other", variablesReference=8)["dataId"])
        self.assertIsNone(self.info("other", variablesReference=99)["dataId"])

    def test_a_local_of_a_call_that_has_ended_is_refused(self):
        def f():
            value = 1
            return sys._getframe()
        body = self.info("value", f())
        self.assertIsNone(body["dataId"])
        self.assertIn("ended", body["description"])

    def test_private_names_are_meant_as_in_the_class(self):
        class Holder:
            def __init__(self, test):
                self.__hidden = 1
                self.body = test.info("self.__hidden", sys._getframe())
        if sys.version_info >= (3, 11):           # before, code does not know its class
            self.assertIsNotNone(Holder(self).body["dataId"])


class SetTest(unittest.TestCase):

    def setUp(self):
        self.agent = FakeAgent()
        self.watches = watch.Watches(self.agent)
        self.number = 0

    def next_id(self):
        self.number += 1
        return self.number

    def offer(self, expression):
        body = datapoints.info(self.watches, Looking(), {"name": expression}, Stopped(sys._getframe(1)))
        return body["dataId"]

    def set(self, *breakpoints):
        return datapoints.set_data(self.watches, {"breakpoints": list(breakpoints)}, self.next_id)

    def descriptions(self, counter, *numbers):
        traced = Traced(self.agent, self.watches)
        for number in numbers:
            traced.run(counter.add, number)
        return [hit[2] for hit in traced.hits]

    def test_condition_and_hit_count_must_both_hold(self):
        counter = Counter()
        data_id = self.offer("counter.count")
        answers = self.set({"dataId": data_id, "condition": "number % 2 == 0", "hitCondition": ">=2"})
        self.assertEqual([True], [answer["verified"] for answer in answers])
        self.assertEqual(["counter.count: 4 -> 8", "counter.count: 13 -> 15"], self.descriptions(counter, 2, 1, 1, 4, 5, 2))

    def test_setting_the_same_again_keeps_number_and_count(self):
        counter = Counter()
        wanted = {"dataId": self.offer("counter.count"), "hitCondition": "2"}
        first = self.set(wanted)
        self.assertEqual([], self.descriptions(counter, 1))
        self.assertEqual(first[0]["id"], self.set(wanted)[0]["id"])
        self.assertEqual(["counter.count: 1 -> 2"], self.descriptions(counter, 1))

    def test_bad_conditions_are_refused_when_set_and_the_others_stand(self):
        counter = Counter()
        data_id = self.offer("counter.count")
        answers = self.set({"dataId": data_id, "condition": "a b"}, {"dataId": data_id, "hitCondition": "often"},
                           {"dataId": data_id})
        self.assertEqual([False, False, True], [answer["verified"] for answer in answers])
        self.assertIn("not a Python expression", answers[0]["message"])
        self.assertIn("often", answers[1]["message"])
        self.assertEqual(3, len({answer["id"] for answer in answers}))
        self.assertEqual(["counter.count: 0 -> 1"], self.descriptions(counter, 1))

    def test_a_condition_that_fails_stops_once_and_says_why(self):
        counter = Counter()
        self.set({"dataId": self.offer("counter.count"), "condition": "nope > 1"})
        self.assertEqual(["counter.count: 0 -> 1"], self.descriptions(counter, 1, 1))
        self.assertEqual(1, len(self.agent.events))
        self.assertIn("NameError", self.agent.events[0][1]["output"])

    def test_none_wanted_means_none_armed(self):
        counter = Counter()
        self.set({"dataId": self.offer("counter.count")})
        self.assertTrue(self.watches.active)
        self.assertEqual([], self.set())
        self.assertFalse(self.watches.active)
        self.assertEqual([], self.descriptions(counter, 1))


if __name__ == "__main__":
    unittest.main()
