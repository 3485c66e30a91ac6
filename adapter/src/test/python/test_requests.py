"""The table of requests, without a target: each is answered in one place."""
import textwrap
import unittest
from unittest import mock

from gantry_agent import breakpoints, commands, files, inorder, requests, targets, watch
from harness import RequestFailed, Target

PARTS = {"files": files.Files, "table": breakpoints.Table, "targets": targets.Targets, "watches": watch.Watches, "inorder": inorder.InOrder}


class RequestsTest(unittest.TestCase):

    def test_no_request_is_answered_in_two_places(self):
        self.assertEqual(set(requests._PARTS), set(PARTS))
        core = commands.Commands(mock.MagicMock(), None)
        tables = [core.early(), core.table()] + [part.requests(mock.MagicMock()) for part in PARTS.values()]
        names = [name for table in tables for name in table]
        self.assertEqual([], [name for name in set(names) if names.count(name) > 1])
        for table in tables:
            self.assertLessEqual({place for place, _ in table.values()}, {"here", "there"})

    def test_the_parts_are_asked_and_what_nobody_answers_is_refused(self):
        with Target("x = 1  # @here\n") as target:
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            source = {"path": target.program}
            for command, arguments in (("modules", {}), ("loadedSources", {}), ("breakpointLocations", {"source": source, "line": 1}),
                                       ("gotoTargets", {"source": source, "line": 1}), ("outputTaken", {"number": 1})):
                target.request(command, threadId=1, **arguments)
            with self.assertRaisesRegex(RequestFailed, "does not know the request 'nothing'"):
                target.request("nothing")
            target.request("continue", threadId=1)
            self.assertEqual((0, "", ""), target.finish())

    def kept(self, target, command, **arguments):
        message = target.answer(target.send(command, **arguments))
        self.assertTrue(message["success"], message)
        return message.get("keep", False)

    def test_what_is_said_of_threads_that_stand_lasts(self):
        program = """
            import threading, time
            class Shown:
                def __repr__(self):
                    return 'shown'
            def work(ready, go, seen):
                seen.append(1)
                ready.set()
                go.wait()
            ready, go, seen, shown = threading.Event(), threading.Event(), [], Shown()
            alone = 1  # @alone
            thread = threading.Thread(target=work, args=(ready, go, seen))
            thread.start()
            ready.wait()
            both = 2  # @both
            go.set()
            thread.join()
            """
        with Target(textwrap.dedent(program)) as target:
            target.set_breakpoints("alone", "both")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertTrue(self.kept(target, "threads"))
            self.assertTrue(self.kept(target, "stackTrace", threadId=1))
            frame = target.request("stackTrace", threadId=1)["stackFrames"][0]["id"]
            self.assertTrue(self.kept(target, "scopes", frameId=frame))
            locals_ = target.request("scopes", frameId=frame)["scopes"][0]["variablesReference"]
            self.assertFalse(self.kept(target, "variables", variablesReference=locals_))
            self.assertFalse(self.kept(target, "stackTrace", threadId=1, format={"parameterValues": True}))
            self.assertFalse(self.kept(target, "evaluate", expression="shown", frameId=frame))
            target.request("continue", threadId=1)
            target.wait_stopped("breakpoint")
            # The other thread waits in native code: it goes on to its next line by itself.
            self.assertFalse(self.kept(target, "threads"))
            others = [thread["id"] for thread in target.request("threads")["threads"] if thread["id"] != 1]
            self.assertEqual(1, len(others))
            self.assertFalse(self.kept(target, "stackTrace", threadId=others[0]))
            frame = target.request("stackTrace", threadId=others[0])["stackFrames"][0]["id"]
            self.assertFalse(self.kept(target, "scopes", frameId=frame))
            self.assertTrue(self.kept(target, "stackTrace", threadId=1))
            target.request("continue", threadId=1)
            self.assertEqual((0, "", ""), target.finish())


if __name__ == "__main__":
    unittest.main()
