"""Output of the agent that keeps its place among what the program prints.

The adapter reads the two from different descriptors, so a thread of the target that has sent such output waits until the adapter has read
what was printed before it. Where the adapter does not ask for that (`orderedOutput` of `configure`), nobody waits.
"""
import _thread

_allocate = _thread.allocate_lock
_get_ident = _thread.get_ident

PATIENCE = 2.0  # seconds; the order is not worth more


class InOrder:
    """`send` on the target's threads, `taken` on the agent's."""

    def __init__(self, agent):
        self._agent = agent
        self._waiting = {}  # number -> lock that is released when the adapter has taken the output

    def requests(self):
        return {"outputTaken": ("here", self.taken)}

    def send(self, body):
        """Sends an `output` event and returns when it has its place."""
        agent = self._agent
        if agent.channel.closed or not agent.settings.arguments.get("orderedOutput") or _get_ident() in agent.threads.hidden:
            agent.send_event("output", body)
            return
        lock = _allocate()
        lock.acquire()
        number = id(lock)
        self._waiting[number] = lock
        try:
            agent.send_event("output", dict(body, taken=number))
            lock.acquire(True, PATIENCE)
        finally:
            self._waiting.pop(number, None)

    def taken(self, arguments):
        """The adapter has read what was printed before."""
        lock = self._waiting.pop(arguments.get("number"), None)
        if lock is not None:
            lock.release()
        return {}
