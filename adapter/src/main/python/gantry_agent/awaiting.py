"""`await` in the console: a coroutine run to its end on the stopped thread."""
from gantry_agent.private import sys
from gantry_agent.values import Refused

TICK = 0.05                # the loop wakes up this often, so that an evaluation can be cancelled while it waits


def finish(coroutine):
    """What the coroutine returns. Without asyncio in the target it is driven by hand."""
    events = sys.modules.get('asyncio.events')
    if events is None:
        return by_hand(coroutine)
    running = events._get_running_loop()
    if running is not None:
        events._set_running_loop(None)     # its thread is stopped: it cannot run; a loop of our own can
    try:
        loop = sys.modules['asyncio'].new_event_loop()
        try:
            tick(loop)
            return loop.run_until_complete(coroutine)
        except RuntimeError as error:
            if running is not None and 'different loop' in str(error):
                raise Refused('This waits for something of the event loop that is stopped here; it can only be '
                              'awaited by the program itself.') from None
            raise
        finally:
            try:
                loop.close()
            finally:
                events._set_running_loop(running)
    finally:
        coroutine.close()


def tick(loop):
    loop.call_later(TICK, tick, loop)


def by_hand(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise Refused('This waits for an event loop, and the program has not imported asyncio.')
