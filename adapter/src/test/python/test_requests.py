"""The table of requests, without a target: each is answered in one place."""
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


if __name__ == "__main__":
    unittest.main()
