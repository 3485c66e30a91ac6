"""asyncio tasks: found, named, numbered, and their chains of awaits followed."""
import asyncio
import sys
import threading
import time
import types
import unittest

from gantry_agent import static, tasks


async def leaf(future):
    inner = "leaf"
    return await future, inner


async def middle(future):
    return await leaf(future)


async def outer(future):
    return await middle(future)


async def items(future):
    yield 1
    await future
    yield 2


async def consume(future):
    async for item in items(future):
        pass


@types.coroutine
def old_style(future):
    return (yield from future)


class Awaitable:
    def __init__(self, future):
        self.future = future

    def __await__(self):
        return (yield from self.future.__await__())


async def await_object(future):
    return await Awaitable(future)


def run(main):
    """asyncio.run() with a loop that is closed, and nothing left behind."""
    return asyncio.run(main)


def named(listed, name):
    return [seen for seen in listed if seen.name == name][0]


def names(stack):
    return [item.text if isinstance(item, tasks.Label) else item.f_code.co_name for item in stack]


class ListTest(unittest.TestCase):

    def setUp(self):
        self.tasks = tasks.Tasks()

    def waiting(self, coroutine_function, check):
        async def main():
            future = asyncio.get_running_loop().create_future()
            task = asyncio.ensure_future(coroutine_function(future))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            try:
                return check(task)
            finally:
                future.set_result(None)
                await task
        return run(main())

    def test_without_asyncio_there_are_none(self):
        held = {name: sys.modules.pop(name) for name in list(sys.modules) if name.split(".")[0] in ("asyncio", "_asyncio")}
        try:
            before = sorted(sys.modules)
            self.assertEqual([], self.tasks.list())
            self.assertIsNone(tasks.current_task())
            self.assertEqual(before, sorted(sys.modules))
        finally:
            sys.modules.update(held)

    def test_a_task_that_waits_is_shown_from_the_suspended_coroutine_outwards(self):
        def check(task):
            listed = self.tasks.list()
            seen = [one for one in listed if one.task is task][0]
            self.assertEqual("waiting", seen.state)
            self.assertEqual("%s: outer (waiting)" % task.get_name(), seen.title())
            self.assertEqual(["waiting for Future (pending)", "leaf", "middle", "outer"],
                             names(self.tasks.stack(seen, listed)))
            frame = self.tasks.stack(seen, listed)[1]
            self.assertEqual("leaf", frame.f_locals["inner"])
        self.waiting(outer, check)

    def test_asynchronous_generators_are_in_the_chain(self):
        def check(task):
            listed = self.tasks.list()
            seen = [one for one in listed if one.task is task][0]
            self.assertEqual(["waiting for Future (pending)", "items", "consume"], names(self.tasks.stack(seen, listed)))
        self.waiting(consume, check)

    def test_objects_with_await_are_in_the_chain(self):
        def check(task):
            listed = self.tasks.list()
            seen = [one for one in listed if one.task is task][0]
            self.assertEqual(["waiting for Future (pending)", "__await__", "await_object"],
                             names(self.tasks.stack(seen, listed)))
        self.waiting(await_object, check)

    def test_coroutines_made_of_generators_are_in_the_chain(self):
        async def through(future):
            return await old_style(future)

        def check(task):
            listed = self.tasks.list()
            seen = [one for one in listed if one.task is task][0]
            self.assertEqual(["waiting for Future (pending)", "old_style", "through"],
                             names(self.tasks.stack(seen, listed)))
        self.waiting(through, check)

    def test_the_task_that_runs_now_says_so(self):
        async def main():
            listed = self.tasks.list()
            self.assertEqual(["running"], [seen.state for seen in listed])
            self.assertEqual(threading.get_ident(), listed[0].ident)
            self.assertIs(asyncio.current_task() if sys.version_info >= (3, 7) else None, tasks.current_task())
        run(main())
        self.assertIsNone(tasks.current_task())

    def test_ids_start_at_1000001_and_stay_with_their_task(self):
        async def main():
            gate = asyncio.Event()
            many = [asyncio.ensure_future(gate.wait()) for _ in range(5)]
            await asyncio.sleep(0)
            before = {seen.task: seen.id for seen in self.tasks.list()}
            self.assertEqual(list(range(1000001, 1000007)), sorted(before.values()))
            self.assertEqual(list(range(1000002, 1000007)), [before[task] for task in many])    # the oldest first
            late = asyncio.ensure_future(gate.wait())
            many[0].cancel()
            await asyncio.sleep(0)
            after = {seen.task: seen.id for seen in self.tasks.list()}
            self.assertNotIn(many[0], after)
            self.assertEqual(1000007, after.pop(late))
            self.assertEqual({task: number for task, number in before.items() if task in after}, after)
            gate.set()
            await asyncio.gather(late, *many[1:])
        run(main())

    def test_who_awaits_whom_is_told_both_ways(self):
        async def main():
            future = asyncio.get_running_loop().create_future()
            child = asyncio.ensure_future(leaf(future))

            async def parent():
                await child
            waiting = asyncio.ensure_future(parent())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            listed = self.tasks.list()
            by_task = {seen.task: seen for seen in listed}
            self.assertEqual("awaited by " + by_task[waiting].title(), names(self.tasks.stack(by_task[child], listed))[-1])
            self.assertEqual("waiting for " + by_task[child].title(), names(self.tasks.stack(by_task[waiting], listed))[0])
            future.set_result(1)
            await waiting
        run(main())

    def test_a_gather_names_what_is_in_it(self):
        async def main():
            future = asyncio.get_running_loop().create_future()
            children = [asyncio.ensure_future(leaf(future)) for _ in range(2)]

            async def parent():
                await asyncio.gather(*children)
            waiting = asyncio.ensure_future(parent())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            listed = self.tasks.list()
            by_task = {seen.task: seen for seen in listed}
            top = names(self.tasks.stack(by_task[waiting], listed))[0]
            self.assertEqual("waiting for gather of 2: %s, %s" % tuple(child.get_name() for child in children), top)
            self.assertEqual("awaited by " + by_task[waiting].title(),
                             names(self.tasks.stack(by_task[children[1]], listed))[-1])
            future.set_result(1)
            await waiting
        run(main())

    def test_a_task_not_yet_begun_is_ready_and_has_its_frame(self):
        async def main():
            task = asyncio.ensure_future(asyncio.sleep(0))
            listed = self.tasks.list()
            seen = [one for one in listed if one.task is task][0]
            self.assertEqual("ready", seen.state)
            self.assertEqual(["sleep"], names(self.tasks.stack(seen, listed)))
            await task
        run(main())

    def test_a_failure_nobody_has_looked_at_is_listed(self):
        async def fails():
            raise KeyError("lost")

        async def main():
            task = asyncio.ensure_future(fails())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            listed = self.tasks.list()
            seen = [one for one in listed if one.task is task][0]
            self.assertEqual("failed", seen.state)
            self.assertIn("KeyError", names(self.tasks.stack(seen, listed))[0])
            self.assertIsInstance(task.exception(), KeyError)
            self.assertNotIn(task, [one.task for one in self.tasks.list()])
        run(main())

    def test_tasks_of_every_loop_are_listed(self):
        ready, done = threading.Event(), []

        async def wait():
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            done.append(lambda: loop.call_soon_threadsafe(future.set_result, None))
            ready.set()
            await future
        thread = threading.Thread(target=run, args=(wait(),))
        thread.start()
        ready.wait(10)

        async def main():
            listed = self.tasks.list()
            self.assertEqual({threading.get_ident(), thread.ident}, {seen.ident for seen in listed})
        try:
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline and "waiting" not in [seen.state for seen in self.tasks.list()]:
                pass
            run(main())
        finally:
            done[0]()
            thread.join(10)

    def test_nothing_of_the_program_is_run(self):
        touched = []

        class Nosy(asyncio.Task):
            def get_name(self):
                touched.append("get_name")

            def __getattribute__(self, name):
                if sys._getframe(1).f_code.co_filename.endswith(("tasks.py", "static.py")) \
                        and "gantry_agent" in sys._getframe(1).f_code.co_filename:
                    touched.append(name)
                return super().__getattribute__(name)

            def __eq__(self, other):
                touched.append("eq")
                return self is other

            def __hash__(self):
                if "gantry_agent" in sys._getframe(1).f_code.co_filename:
                    touched.append("hash")
                return id(self)

        async def main():
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            task = Nosy(outer(future), loop=loop)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            del touched[:]
            listed = self.tasks.list()
            for seen in listed:
                self.tasks.stack(seen, listed)
            self.assertEqual([], touched)
            self.assertEqual(2, len(listed))
            future.set_result(None)
            await task
        run(main())

    def test_tasks_written_in_python_are_read_too(self):
        async def main():
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            task = asyncio.tasks._PyTask(outer(future), loop=loop)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            listed = self.tasks.list()
            seen = [one for one in listed if one.task is task][0]
            self.assertEqual("waiting", seen.state)
            self.assertEqual(["leaf", "middle", "outer"], names(self.tasks.stack(seen, listed))[1:])
            future.set_result(None)
            await task
        run(main())

    def test_a_hundred_tasks_take_less_than_5_ms(self):
        async def main():
            future = asyncio.get_running_loop().create_future()
            many = [asyncio.ensure_future(outer(asyncio.shield(future))) for _ in range(100)]
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            best = 1.0
            for _ in range(7):
                start = time.perf_counter()
                listed = [seen.title() for seen in self.tasks.list()]
                best = min(best, time.perf_counter() - start)
            self.assertEqual(101, len(listed))
            self.assertLess(best, 0.005)
            future.set_result(None)
            await asyncio.gather(*many)
        run(main())

    def test_scanning_all_objects_finds_them_where_the_interpreter_links_them_itself(self):
        async def main():
            space = static.instance_dict(sys.modules["asyncio.tasks"])
            self.assertIn(asyncio.current_task(), tasks._scanned(space))
        run(main())


if __name__ == "__main__":
    unittest.main()
