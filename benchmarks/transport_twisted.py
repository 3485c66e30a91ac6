"""The cases of transport.py with Twisted: transport_twisted.py CASE prints the same as transport_limit.c does."""
import resource
import sys
import time

from twisted.internet import protocol, reactor

BULK, PIECE, CHILDREN, EACH, SPAWNS, TRIPS = 1000000000, 65536, 1000, 65536, 300, 5000


class Child(protocol.ProcessProtocol):
    """Counts what comes; `then` is called at the end."""

    def __init__(self, then, left=0):
        self.then, self.bytes, self.left = then, 0, left

    def outReceived(self, data):
        self.bytes += len(data)

    def resumeProducing(self):
        count = min(self.left, PIECE)
        self.left -= count
        self.transport.write(bytes(count))
        if not self.left:
            self.transport.unregisterProducer()
            self.transport.closeStdin()

    def stopProducing(self):
        pass

    def processEnded(self, reason):
        self.then(self)


def start(child, *command):
    reactor.spawnProcess(child, command[0], command, env=None)
    return child


def spawn_to_exit(done, left=SPAWNS):
    if left:
        start(Child(lambda child: spawn_to_exit(done, left - 1)), "/bin/true")
    else:
        done()


class Echo(Child):
    trips = TRIPS

    def connectionMade(self):
        self.transport.write(bytes(64))

    def outReceived(self, data):
        self.bytes += len(data)
        if self.bytes % 64 == 0:
            self.trips -= 1
            if self.trips:
                self.transport.write(bytes(64))
            else:
                self.transport.closeStdin()


def echo(done):
    start(Echo(lambda child: done()), "/bin/cat")


def bulk_stdout(done):
    start(Child(lambda child: done(child.bytes == BULK)), "/usr/bin/head", "-c", str(BULK), "/dev/zero")


def bulk_stdin(done):
    child = start(Child(lambda child: done(), BULK), "/bin/sh", "-c", "exec cat >/dev/null")
    child.transport.registerProducer(child, False)


def thousand(done):
    ended = []

    def end(child):
        ended.append(child.bytes)
        if len(ended) == CHILDREN:
            done(sum(ended) == CHILDREN * EACH)
    children = [start(Child(end), "/bin/cat") for _ in range(CHILDREN)]
    for child in children:
        child.transport.write(bytes(EACH))
        child.transport.closeStdin()


CASES = {"spawnToExit": (spawn_to_exit, SPAWNS / 1e3), "echoRoundTrip": (echo, TRIPS / 1e3), "bulkStdout": (bulk_stdout, 1),
         "bulkStdin": (bulk_stdin, 1), "thousandChildren": (thousand, 1)}


def main():
    case, divide = CASES[sys.argv[1]]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    begun = []

    def done(right=True):
        spent = (time.perf_counter() - begun[0]) * 1e3 / divide
        usage = resource.getrusage(resource.RUSAGE_SELF)
        print(spent, (usage.ru_utime + usage.ru_stime) * 1e3, (usage.ru_maxrss - begun[1]) / 1024 if right else "lost", flush=True)
        reactor.stop()

    def begin():
        begun.extend((time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
        case(done)
    reactor.callWhenRunning(begin)
    reactor.run()


main()
