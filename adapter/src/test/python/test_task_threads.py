"""asyncio tasks as threads of a debugged program: listed at a stop, looked into, steered."""
import time
import unittest

from harness import TIMEOUT, RequestFailed, Target

IDLE = """\
import asyncio


async def sleeper(name, seconds):
    note = "I am " + name
    await asyncio.sleep(seconds)  # @sleep
    return note


async def parent():
    child = asyncio.ensure_future(sleeper("child", 600))
    asyncio.get_running_loop().call_later(0.02, print, "ready")     # when all of them wait
    try:
        await child  # @parent
    except asyncio.CancelledError:
        print("cancelled")


async def main():
    await parent()


asyncio.run(main())
"""

TWO_LOOPS = """\
import asyncio
import threading


async def other(started, stop):
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    stop.append(lambda: loop.call_soon_threadsafe(future.set_result, 5))
    loop.call_soon(started.set)
    return await future  # @other


def run(started, stop):
    print("other", asyncio.run(other(started, stop)))


async def main():
    step = 1  # @main
    await asyncio.sleep(0)  # @await
    step = 2  # @after
    return step


started, stop = threading.Event(), []
thread = threading.Thread(target=run, args=(started, stop), name="second")
thread.start()
started.wait()
print("main", asyncio.run(main()))
stop[0]()
thread.join()
"""


def tasks_of(target):
    """{name of the coroutine and state: id} of the tasks listed."""
    found = [thread for thread in target.request("threads")["threads"] if thread["id"] >= 1000001]
    return {thread["name"].partition(": ")[2]: thread["id"] for thread in found}


class TaskThreadsTest(unittest.TestCase):

    def clean(self, target):
        self.assertEqual([], target.events("gantryAgent/trouble"))

    def test_a_program_that_waits_in_its_loop_is_paused_and_its_tasks_are_seen(self):
        with Target(IDLE) as target:
            target.run()
            target.wait_output("ready")
            self.assertEqual({}, tasks_of(target))          # none while it runs
            target.request("pause", threadId=1)
            target.wait_stopped("pause")
            found = tasks_of(target)
            self.assertEqual({"main (waiting)", "sleeper (waiting)"}, set(found))
            stack = target.stack(found["main (waiting)"])
            self.assertEqual(["parent", "main"], [frame["name"] for frame in stack[1:]])
            self.assertRegex(stack[0]["name"], r"waiting for Task-\d+: sleeper \(waiting\)")
            self.assertEqual("label", stack[0]["presentationHint"])
            stack = target.stack(found["sleeper (waiting)"])
            names = [frame["name"] for frame in stack]
            self.assertEqual(["sleep", "sleeper"], names[1:3])
            self.assertRegex(names[0], r"waiting for Future \(pending\)")
            self.assertRegex(names[3], r"awaited by Task-\d+: main")
            self.assertEqual(target.line("sleep"), stack[2]["line"])
            self.assertEqual(len(stack), len({frame["id"] for frame in stack}))
            self.assertFalse(any(frame.get("canRestart") for frame in stack))
            scopes = target.request("scopes", frameId=stack[2]["id"])["scopes"]
            self.assertEqual("Locals", scopes[0]["name"])
            values = target.request("variables", variablesReference=scopes[0]["variablesReference"])["variables"]
            self.assertEqual({"name": "'child'", "note": "'I am child'", "seconds": "600"},
                             {one["name"]: one["value"] for one in values})
            result = target.request("evaluate", expression="note.upper()", frameId=stack[2]["id"], context="watch")
            self.assertEqual("'I AM CHILD'", result["result"])
            again = target.stack(found["sleeper (waiting)"])
            self.assertEqual([frame["id"] for frame in stack], [frame["id"] for frame in again])
            self.assertEqual({}, target.request("scopes", frameId=stack[0]["id"]).get("scopes") and {"not": "empty"} or {})
            target.request("continue", threadId=found["sleeper (waiting)"])
            deadline = time.monotonic() + TIMEOUT
            while tasks_of(target):                         # the thread is on its way
                self.assertLess(time.monotonic(), deadline)
            self.clean(target)

    def test_tasks_of_two_loops_and_their_threads(self):
        with Target(TWO_LOOPS) as target:
            target.set_breakpoints("main")
            target.run()
            target.wait_stopped("breakpoint")
            found = tasks_of(target)
            self.assertEqual({"main (running)", "other (waiting)"}, set(found))
            running = target.stack(found["main (running)"])
            self.assertEqual([frame["id"] for frame in target.stack(1)], [frame["id"] for frame in running])
            self.assertEqual("main", running[0]["name"])
            other = target.stack(found["other (waiting)"])
            self.assertEqual(["waiting for Future (pending)", "other"], [frame["name"] for frame in other])
            result = target.request("evaluate", expression="__import__('threading').current_thread().name",
                                    frameId=other[1]["id"], context="watch")["result"]
            self.assertIn(result, ("'second'", "'MainThread'"))       # of the program, not one of ours
            self.assertEqual(("main", target.line("await")), target.go("next", found["main (running)"]))
            self.assertEqual(("main", target.line("after")), target.go("next"))
            self.assertEqual("1", target.locals()["step"])
            self.assertEqual(set(found), set(tasks_of(target)))
            self.assertEqual(found, tasks_of(target))
            target.request("continue", threadId=1)
            code, out, err = target.finish()
            self.assertEqual((0, "main 2\nother 5\n", ""), (code, out, err))
            self.clean(target)

    def test_a_local_of_a_suspended_coroutine_can_be_set(self):
        with Target(TWO_LOOPS) as target:
            target.set_breakpoints("main")
            target.run()
            target.wait_stopped("breakpoint")
            frame = target.stack(tasks_of(target)["other (waiting)"])[1]["id"]
            scopes = target.request("scopes", frameId=frame)["scopes"]
            reference = scopes[0]["variablesReference"]
            target.request("variables", variablesReference=reference)
            answer = target.request("setVariable", variablesReference=reference, name="started", value="None")
            self.assertEqual("None", answer["value"])
            self.assertEqual("None", target.request("evaluate", expression="started", frameId=frame, context="watch")["result"])
            target.request("continue", threadId=1)
            self.assertEqual((0, "main 2\nother 5\n"), target.finish()[:2])
            self.clean(target)

    def test_a_task_that_has_ended_is_refused_by_its_number(self):
        with Target(TWO_LOOPS) as target:
            target.set_breakpoints("main")
            target.run()
            target.wait_stopped("breakpoint")
            with self.assertRaises(RequestFailed) as caught:
                target.stack(1999999)
            self.assertIn("1999999", caught.exception.message)
            target.request("continue", threadId=1)
            self.assertEqual(0, target.finish()[0])

    def test_asyncio_is_not_imported_for_it(self):
        with Target("import sys\nx = 1  # @here\nprint([name for name in sys.modules if 'asyncio' in name])\n") as target:
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual({}, tasks_of(target))
            target.request("continue", threadId=1)
            self.assertEqual((0, "[]\n"), target.finish()[:2])


if __name__ == "__main__":
    unittest.main()
