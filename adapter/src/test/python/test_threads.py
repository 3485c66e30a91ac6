"""The registry of threads, without a target: which state belongs to which thread where the interpreter uses numbers again."""
import types
import unittest

from gantry_agent import threads


class Object:
    """Stands for a threading.Thread."""

    def __init__(self, name):
        self._name = name


class ThreadsTest(unittest.TestCase):

    def setUp(self):
        self.told, self.active = [], {}
        known = types.ModuleType("threading")
        known.__dict__["_active"] = self.active
        before, threads._modules = threads._modules, {"threading": known}
        self.addCleanup(setattr, threads, "_modules", before)
        nothing = lambda *_: None
        agent = types.SimpleNamespace(
            send_event=lambda name, body: self.told.append((body["reason"], body["threadId"])),
            engine=types.SimpleNamespace(drop_step=nothing), stops=types.SimpleNamespace(ended=nothing))
        self.threads = threads.Threads(agent)

    def begin(self, name):
        """The calling thread is one of that name from now on."""
        self.active[threads._get_ident()] = Object(name)
        return id(self.active[threads._get_ident()])

    def test_a_thread_whose_object_has_the_address_of_an_ended_one_is_another(self):
        address = self.begin("first")
        self.threads._describe(self.threads.current())
        first, kept = self.threads.refreshed(), []
        self.assertEqual("first", first.name)
        self.active.clear()
        while self.begin("second") != address:
            kept.append(self.active.pop(threads._get_ident()))
            self.assertLess(len(kept), 10000)
        second = self.threads.refreshed()
        self.assertIsNot(first, second)
        self.assertEqual("second", second.name)
        self.assertEqual([("exited", first.id), ("started", second.id)], self.told)

    def test_a_thread_is_the_same_as_long_as_its_object_is(self):
        self.begin("first")
        self.threads._describe(self.threads.current())
        first = self.threads.refreshed()
        self.active[threads._get_ident()]._name = "renamed"
        self.assertIs(first, self.threads.refreshed())
        self.active.clear()
        self.assertIs(first, self.threads.refreshed())
        self.assertEqual([], self.told)


if __name__ == "__main__":
    unittest.main()
