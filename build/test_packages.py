"""Tries the packages in the directory of the first argument as their users have them: unpacked at a new path and time.

Each holds a whole conversation over standard input and output. Where no Java is to be found, PATH is a directory of links to what a
system has, without java. Needs a Java for the tar.gz, in the second argument. A VSIX that was not made is not tried, and that is said.
"""

import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import unittest
import zipfile

PACKAGES = pathlib.Path(sys.argv[1]).resolve()
JAVA_HOME = pathlib.Path(sys.argv[2]).resolve()
# What scripts and targets are started with.
TOOLS = [
    "sh", "env", "readlink", "setsid", "nice", "find", "mkdir", "rm", "rmdir", "mv", "touch", "df", "awk", "sed", "tr", "wc", "cat",
]
DEADLINE = 60


def only(pattern):
    """The file of that name among the packages."""
    found = sorted(PACKAGES.glob(pattern))
    assert len(found) == 1, "%s: %s" % (pattern, found)
    return found[0]


def unpack(package, directory):
    """As editors do: the modes are kept, the times are now's."""
    if package.suffix != ".vsix":
        with tarfile.open(package) as tar:
            tar.extractall(directory)
        return
    with zipfile.ZipFile(package) as archive:
        for entry in archive.infolist():
            path = pathlib.Path(archive.extract(entry, directory))
            mode = stat.S_IMODE(entry.external_attr >> 16)
            if mode and not entry.is_dir():
                path.chmod(mode)


class Adapter:
    """One adapter over its standard streams. A watchdog ends it at the deadline, so that no read waits for ever."""

    def __init__(self, command, environment, directory):
        self.process = subprocess.Popen(
            [str(word) for word in command], env=environment, cwd=directory,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.watchdog = threading.Timer(DEADLINE, self.process.kill)
        self.watchdog.start()
        self.seen = []

    def send(self, seq, command, **arguments):
        body = json.dumps({"seq": seq, "type": "request", "command": command, "arguments": arguments}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def read(self):
        header = self.process.stdout.readline()
        length = re.fullmatch(rb"Content-Length: (\d+)\r\n", header)
        assert length, "not the protocol: %r, standard error: %r, seen: %r" % (
            header, b"" if header else self.process.stderr.read(), self.seen[-5:])
        assert self.process.stdout.readline() == b"\r\n"
        message = json.loads(self.process.stdout.read(int(length[1])))
        self.seen.append(message)
        return message

    def until(self, **wanted):
        while True:
            message = self.read()
            if all(message.get(key) == value for key, value in wanted.items()):
                return message
            assert message.get("event") != "terminated", "ended before %s: %s" % (wanted, self.seen[-8:])

    def events(self, name):
        return [message["body"] for message in self.seen if message.get("event") == name]

    def end(self):
        """Closes its input; returns its exit status, and what else it said on its streams."""
        self.process.stdin.close()
        rest = self.process.stdout.read(), self.process.stderr.read()
        status = self.process.wait()
        self.watchdog.cancel()
        self.process.stdout.close()
        self.process.stderr.close()
        return status, rest


class PackagesTest(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="gantry packages "))
        self.addCleanup(shutil.rmtree, self.directory)
        tools = self.directory / "tools"
        tools.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            if found:
                (tools / tool).symlink_to(found)
        (tools / "python3").symlink_to(os.path.realpath(sys.executable))
        (self.directory / "home").mkdir()
        self.environment = {
            "PATH": str(tools), "HOME": str(self.directory / "home"), "LC_ALL": "C.UTF-8",
        }

    def gantry(self, package):
        """The command of the unpacked package, as its users have it."""
        unpack(only(package), self.directory / "unpacked")
        tree = self.directory / "unpacked"
        if package.endswith(".vsix"):
            return ["/bin/sh", tree / "extension/adapter.sh"]
        return [only_child(tree) / "bin/gantry"]

    def converse(self, command):
        """A whole conversation; what it was made of is checked."""
        adapter = Adapter([*command, "dap"], self.environment, self.directory)
        adapter.send(1, "initialize", adapterID="gantry", linesStartAt1=True)
        self.assertTrue(adapter.until(type="response", command="initialize")["success"])
        program = self.directory / "program.py"
        program.write_text("import sys\nprint('to you:', sys.stdin.readline())\nsys.exit(3)\n")
        (self.directory / "input").write_text("hello")
        adapter.send(2, "launch", program=str(program), python="python3", stdio=[str(self.directory / "input")])
        adapter.until(type="event", event="initialized")
        adapter.send(3, "setBreakpoints", source={"path": str(program)}, breakpoints=[{"line": 2}])
        adapter.send(4, "configurationDone")
        stopped = adapter.until(type="event", event="stopped")
        adapter.send(5, "continue", threadId=stopped["body"]["threadId"])
        adapter.until(type="event", event="terminated")
        adapter.send(6, "disconnect")
        adapter.until(type="response", command="disconnect")
        status, (out, err) = adapter.end()
        self.assertEqual((0, b"", b""), (status, out, err))
        output = "".join(body["output"] for body in adapter.events("output") if body.get("category") == "stdout")
        self.assertEqual("to you: hello\n", output)
        self.assertEqual([3], [body["exitCode"] for body in adapter.events("exited")])
        refused = [message for message in adapter.seen if message["type"] == "response" and not message["success"]]
        self.assertEqual([], refused)

    def run_it(self, command, *arguments):
        return subprocess.run(
            [str(word) for word in [*command, *arguments]], env=self.environment, cwd=self.directory, timeout=DEADLINE,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)

    def assert_archived(self, command):
        """The adapter's classes come from an archive, nearly all."""
        # A relative path: the options are split at blanks.
        loads = self.directory / "loads.log"
        self.environment["GANTRY_JAVA_OPTIONS"] = "-Xlog:class+load:file=loads.log"
        self.converse(command)
        del self.environment["GANTRY_JAVA_OPTIONS"]
        own = [line for line in loads.read_text().splitlines() if " dev.gantry." in line and "Lambda" not in line]
        archived = [line for line in own if "shared objects file" in line]
        self.assertGreater(len(archived), 100)
        self.assertGreater(len(archived), 0.8 * len(own), [line for line in own if line not in archived])

    def archives(self):
        return list((self.directory / "home").rglob("*.jsa"))

    def until_archived(self, modified=None):
        """The archive that is made in the background, with that time; its maker is gone."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            found = [each for each in self.archives() if modified in (None, each.stat().st_mtime)]
            if found and not list((self.directory / "home").rglob("*.making")):
                return found
            threading.Event().wait(0.1)
        self.fail("no archive was made: %s" % list((self.directory / "home").rglob("*")))

    def assert_without_java(self):
        self.assertIsNone(shutil.which("java", path=self.environment["PATH"]))
        self.assertNotIn("JAVA_HOME", self.environment)

    @unittest.skipUnless(list(PACKAGES.glob("gantry-linux-x64-*.vsix")), "there is no linux-x64 VSIX")
    def test_linux_x64_vsix_needs_no_java(self):
        self.assert_without_java()
        command = self.gantry("gantry-linux-x64-*.vsix")
        self.converse(command)
        self.assert_archived(command)
        self.assertEqual([], self.archives())
        version = self.run_it(command, "--version")
        self.assertRegex(version.stdout, r"^gantry \d+\.\d+\.\d+")
        doctor = self.run_it(command, "doctor")
        self.assertEqual("", doctor.stderr)
        self.assertIn("server/jre", doctor.stdout)
        self.assertRegex(doctor.stdout, r"(?m)^ *linux +used$")
        run = self.run_it(command, "run", "--quiet", "-c", "import sys; print(sys.argv); sys.exit(4)", "a b")
        self.assertEqual((4, "['-c', 'a b']\n", ""), (run.returncode, run.stdout, run.stderr))

    @unittest.skipUnless(list(PACKAGES.glob("gantry-linux-x64-*.vsix")), "there is no linux-x64 VSIX")
    def test_linux_x64_vsix_takes_the_java_of_the_users_choice(self):
        command = self.gantry("gantry-linux-x64-*.vsix")
        self.environment["GANTRY_JAVA"] = str(JAVA_HOME / "bin/java")
        self.converse(command)
        self.until_archived()
        self.assertIn(str(JAVA_HOME), self.run_it(command, "doctor").stdout)

    def test_tar_makes_its_archive_in_the_background(self):
        self.environment["JAVA_HOME"] = str(JAVA_HOME)
        # Java 17 archives no classes of a jar whose path would be written otherwise in a URL.
        plain = pathlib.Path(tempfile.mkdtemp(prefix="gantry-packages-"))
        self.addCleanup(shutil.rmtree, plain)
        unpack(only("gantry-*.tar.gz"), plain)
        command = [only_child(plain) / "bin/gantry"]
        self.converse(command)
        archive, = self.until_archived()
        self.assertGreater(archive.stat().st_size, 1000000)
        self.assert_archived(command)
        # Another jar at this place, by its time: the archive is made again, and the old one is not used.
        jar = command[0].parent.parent / "lib/gantry.jar"
        os.utime(jar, (1700000000, 1700000000))
        self.converse(command)
        self.until_archived(modified=1700000000)
        self.assert_archived(command)

    def test_tar_works_where_no_archive_can_be_kept(self):
        command = self.gantry("gantry-*.tar.gz")
        java = self.directory / "tools/java"
        java.symlink_to(JAVA_HOME / "bin/java")
        (self.directory / "file").write_text("")
        self.environment["XDG_CACHE_HOME"] = str(self.directory / "file")
        self.converse(command)
        del self.environment["HOME"], self.environment["XDG_CACHE_HOME"]
        self.converse(command)
        self.assertEqual([], self.archives())

    def gantry_with_javas_in(self, directory):
        """The command of the unpacked tar.gz, which looks there instead of under /usr/lib/jvm."""
        self.assert_without_java()
        command = self.gantry("gantry-*.tar.gz")
        text = command[0].read_text()
        self.assertIn("/usr/lib/jvm/", text)
        command[0].write_text(text.replace("/usr/lib/jvm", str(directory)))
        return command

    def test_java_is_found_without_being_in_path(self):
        # A name without blanks: the script has a pattern there.
        javas = pathlib.Path(tempfile.mkdtemp(prefix="gantry-javas-"))
        self.addCleanup(shutil.rmtree, javas)
        (javas / "one").symlink_to(JAVA_HOME)
        self.converse(self.gantry_with_javas_in(javas))
        self.until_archived()

    def test_without_java_the_client_is_told(self):
        adapter = Adapter([*self.gantry_with_javas_in("/nonexistent"), "dap"], self.environment, self.directory)
        answer = adapter.until(type="response", command="initialize")
        self.assertFalse(answer["success"])
        self.assertIn("Java 17", answer["message"])
        self.assertEqual(1, adapter.end()[0])

    @unittest.skipUnless(list(PACKAGES.glob("gantry-[0-9]*.vsix")), "there is no VSIX for all systems")
    def test_universal_vsix(self):
        command = self.gantry("gantry-[0-9]*.vsix")
        self.environment["GANTRY_JAVA"] = str(JAVA_HOME / "bin/java")
        self.converse(command)
        self.until_archived()


def only_child(directory):
    child, = directory.iterdir()
    return child


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
