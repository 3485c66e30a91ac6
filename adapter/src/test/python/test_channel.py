"""The channel alone: signal handlers that raise, send or wait in the middle of a message, and JSON without the interpreter's C helpers."""
import json
import os
import random
import subprocess
import sys
import unittest

from gantry_agent import wire
from harness import SOURCES

_START = """\
import os, random, select, signal, socket, sys, threading, time, json, struct
sys.path.insert(0, %r)
from gantry_agent import wire
ours, theirs = socket.socketpair()
channel, got = wire.Channel(ours.fileno()), []
def drain():
    stream = theirs.makefile("rb")
    while True:
        head = stream.read(4)
        if len(head) < 4:
            break
        got.append(json.loads(stream.read(struct.unpack(">I", head)[0]).decode()))
reader = threading.Thread(target=drain, daemon=True)
def read():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    reader.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
def end():
    ours.shutdown(socket.SHUT_RDWR)
    reader.join()
""" % os.path.dirname(SOURCES)


@unittest.skipUnless(hasattr(__import__("signal"), "setitimer"), "needs signals")
class Signals(unittest.TestCase):

    def run_there(self, program):
        done = subprocess.run([sys.executable, "-c", _START + program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((0, b""), (done.returncode, done.stderr))
        return done.stdout.decode()

    def test_what_a_handler_raises_neither_doubles_nor_breaks_a_message(self):
        self.assertEqual("whole\n", self.run_there("""\
class Raised(BaseException):
    pass
def handler(*_):
    raise Raised
read()
signal.signal(signal.SIGALRM, handler)
random.seed(4)
inside, begun = 0, set()
class Message(dict):
    def __setitem__(self, key, value):
        begun.add(self["n"])
        dict.__setitem__(self, key, value)
number = 0
while number < 1000:
    number += 1
    message = Message(n=number, text="x" * 3000)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, random.uniform(5e-6, 2e-4))
            channel.send(message)
            time.sleep(0.0003)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except Raised:
        pass
end()
numbers = [message["n"] for message in got]
assert numbers == sorted(set(numbers)), "twice or out of order"
missing = sorted(begun - set(numbers))
assert len(missing) < 30, ("lost", len(missing), missing[:20], len(channel._out), channel.closed, channel._writer)
print("whole")
"""))

    def test_a_handler_waits_for_a_thread_that_sends(self):
        self.assertEqual("True ['long', 'thread', 'own']\n", self.run_there("""\
ended = []
def handler(*_):
    thread = threading.Thread(target=channel.send, args=({"event": "thread"},), daemon=True)
    thread.start()
    thread.join(10)
    ended.append(not thread.is_alive())
    channel.send({"event": "own"})
    reader.start()
signal.signal(signal.SIGALRM, handler)
def ring():
    while select.select([], [ours], [], 0)[1]:
        time.sleep(0.001)
    signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)
threading.Thread(target=ring, daemon=True).start()
channel.send({"event": "long", "text": "x" * 3000000})  # fills the socket, and blocks until the handler has run: nobody reads
end()
print(ended[0], [message["event"] for message in got])
"""))


class Json(unittest.TestCase):
    """Both ways to read and write it: the interpreter's C helpers, and what the first messages go through."""

    VALUES = [None, True, False, 0, -17, 1 << 70, 1.5, "", "a\"b\\c/\n\x00\x7f\u20ac\U0001f600", "lone \udc80 \ud83d", [], {}, [1, [2, {"a": []}]],
              {"x": {"y": [None, "z"]}, "": 3}]

    def test_both_codecs(self):
        wire.quicken()
        chosen = random.Random(8)
        slow_encoder, slow_decoder = wire._Encoder(wire._quote_slowly), wire._Decoder()
        for value in self.VALUES + [self.any_value(chosen, 5) for _ in range(1500)]:
            for text in (wire.encode(value), slow_encoder.encode(value), json.dumps(value), json.dumps(value, indent=1),
                         json.dumps(value, separators=(",", ":"), ensure_ascii=False)):
                self.assertEqual(value, wire.decode(text), text)
                self.assertEqual((value, len(text)), slow_decoder.decode(text, 0), text)
        self.assertEqual([None, "1"], wire.decode(wire.encode([float("nan"), "1"])))
        self.assertEqual({"1": [2]}, wire.decode(wire.encode({1: (2,)})))

    def test_broken_text_is_an_error(self):
        for text in ("", "{", "[1,", '"a', '["a', "nul", "x", '{"a" 1}', '{"a":', '{"a":"b'):
            for decode in (wire.decode, lambda text: wire._Decoder().decode(text, 0)):
                with self.assertRaises(Exception, msg=text):
                    decode(text)

    def any_value(self, chosen, depth):
        kind = chosen.randrange(8 if depth else 6)
        if kind == 0:
            return chosen.choice([None, True, False])
        if kind == 1:
            return chosen.randrange(-10 ** 9, 10 ** 9)
        if kind == 2:
            return chosen.random() * 10 ** chosen.randrange(-20, 20)
        if kind < 6:
            return self.any_text(chosen)
        if kind == 6:
            return [self.any_value(chosen, depth - 1) for _ in range(chosen.randrange(4))]
        return {self.any_text(chosen): self.any_value(chosen, depth - 1) for _ in range(chosen.randrange(4))}

    @staticmethod
    def any_text(chosen):
        return "".join(chosen.choice('ab"\\/\n\t\x1f\xe9\u20ac\U0001f600\ud800:,{}[] ') for _ in range(chosen.randrange(8)))


if __name__ == "__main__":
    unittest.main()
