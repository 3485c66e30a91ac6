"""The channel over a port of loopback, where the target inherits nothing."""
import os
import socket
import subprocess
import sys
import threading
import unittest

import harness
from harness import BOOT, TOKEN, Target, unpacked

HALF = len(TOKEN) // 2
SEEN = """\
import os, subprocess, sys
system = sys.modules.get("posix") or sys.modules["nt"]
names = [str(name) for name in list(os.environ) + list(system.environ)]
text = "import os; print([name for name in os.environ if 'GANTRY_AGENT' in name])"
child = subprocess.run([sys.executable, "-c", text], stdout=subprocess.PIPE)
print([name for name in names if "GANTRY_AGENT" in name], child.stdout.decode().strip())  # @here
"""


class Loopback(unittest.TestCase):

    def test_it_is_a_channel_as_any(self):
        with Target("x = list(range(100000))\nprint(len(x))  # @here\n", connects="tcp") as target:
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            self.assertEqual("2", target.evaluate("1 + 1"))
            self.assertEqual("\xe4" * 400000, target.evaluate("'\\xe4' * 400000", context="clipboard"))
            target.request("continue", threadId=1)
            self.assertEqual((0, "100000\n", ""), target.finish())

    def test_the_token_is_gone_before_the_target_begins(self):
        for arguments in ((), ("-S",), ("-I",)):
            with self.subTest(arguments=arguments), Target(SEEN, connects="tcp", python_args=arguments) as target:
                target.run()
                self.assertEqual((0, "[] []\n", ""), target.finish())

    def test_modules_are_as_without_us(self):
        with Target("import sys\nprint(sorted(sys.modules))\n", connects="tcp") as target:
            plain = subprocess.run([sys.executable, target.program], stdout=subprocess.PIPE, timeout=30).stdout.decode()
            target.run()
            self.assertEqual((0, plain.replace("\r\n", "\n"), ""), target.finish())

    def test_an_adapter_that_is_gone_lets_it_run(self):
        with Target("print('ran')  # @here\n", connects="tcp") as target:
            target.set_breakpoints("here")
            target.run()
            target.wait_stopped("breakpoint")
            target.close_channel()
            self.assertEqual((0, "ran\n", ""), target.finish())


class Refused(unittest.TestCase):
    """Where it is not the adapter's port, the target does not run: who has started it wants breakpoints."""

    def start(self, port, token=TOKEN):
        environment = dict(os.environ)
        environment.pop("GANTRY_AGENT_TOKEN", None)
        if token is not None:
            environment["GANTRY_AGENT_TOKEN"] = token
        command = [sys.executable, "-c", BOOT, unpacked(), "tcp:%d" % port, "code", "print(1)"]
        ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, timeout=harness.TIMEOUT)
        self.assertEqual((1, b""), (ended.returncode, ended.stdout))
        said = "Gantry: the debugger cannot be reached at %d: " % port
        self.assertTrue(ended.stderr.decode().startswith(said), ended.stderr)
        return ended.stderr.decode()[len(said):].strip()

    def test_nobody_listens(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.assertNotEqual("", self.start(unused.getsockname()[1]))

    def test_who_answers_does_not_know_the_token(self):
        for answer in (b"", b"x", b"x" * HALF, TOKEN[:HALF].encode()):
            with self.subTest(answer=answer), socket.socket() as server:
                server.bind(("127.0.0.1", 0))
                server.listen(1)
                heard = []

                def serve():
                    connected = server.accept()[0]
                    with connected:
                        while sum(map(len, heard)) < HALF:
                            heard.append(connected.recv(HALF))
                        connected.sendall(answer)
                thread = threading.Thread(target=serve)
                thread.start()
                self.assertEqual("it is not the one that has started this program", self.start(server.getsockname()[1]))
                thread.join(harness.TIMEOUT)
                self.assertEqual(TOKEN[:HALF].encode(), b"".join(heard))

    def test_the_variable_is_lost(self):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen(1)
            self.assertEqual("GANTRY_AGENT_TOKEN is not in the environment", self.start(server.getsockname()[1], None))


if __name__ == "__main__":
    unittest.main()
