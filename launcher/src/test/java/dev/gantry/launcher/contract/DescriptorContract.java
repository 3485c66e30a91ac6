package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.Described;
import dev.gantry.fixtures.Os;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Pythons;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.NoSuchChildFdException;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.SpawnRequest;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The child's descriptors: which it has, where they lead. */
abstract class DescriptorContract extends BackendContract {
    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private Child ended(SpawnRequest request) throws Exception {
        Child child = spawn(request);
        assertThat(child.heard().awaitEnded()).as(child.heard().text(2)).isEqualTo(new ProcessDone(0));
        return child;
    }

    @Test
    @Shows({Row.CHILD_DESCRIPTORS, Row.WRITE_TO_CHILD, Row.CONNECTION_LOST})
    void furtherDescriptorsReadAndWrite() throws Exception {
        SpawnRequest request = SpawnRequest.of("/bin/sh", "-c", "cat <&4 >&3; echo done")
                .withChildFd(3, ChildFd.read())
                .withChildFd(4, ChildFd.write());
        Optional<Child> able = spawnIfAble(Capability.ANY_CHILD_FDS, request);
        if (able.isEmpty()) {
            return;
        }
        Child child = able.get();
        byte[] much = new byte[300_000];
        child.does(process -> {
            process.writeToChild(4, ByteBuffer.wrap(much));
            process.writeToChild(4, bytes("the end"));
            process.closeChildFd(4);
            process.writeToChild(4, bytes("nothing"));
            assertThatThrownBy(() -> process.writeToChild(3, bytes("x"))).isInstanceOf(NoSuchChildFdException.class);
        });
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().count(3)).isEqualTo(300_007);
        assertThat(child.heard().text(3)).endsWith("\0the end");
        assertThat(child.heard().text(1)).isEqualTo("done\n");
        assertThat(child.heard().events()).contains(new Recorder.Lost(3), new Recorder.Lost(4));
    }

    @Test
    @Shows({Row.CHILD_DESCRIPTORS, Row.WRITE_TO_CHILD})
    void oneDescriptorGoesBothWays() throws Exception {
        SpawnRequest request = SpawnRequest.of("/bin/sh", "-c", "read line <&5; echo \"got $line\" >&5")
                .withChildFd(5, ChildFd.readWrite());
        Optional<Child> able = spawnIfAble(Capability.ANY_CHILD_FDS, request);
        if (able.isPresent()) {
            able.get().does(process -> process.writeToChild(5, bytes("it\n")));
            assertThat(able.get().heard().awaitEnded()).isEqualTo(new ProcessDone(0));
            assertThat(able.get().heard().text(5)).isEqualTo("got it\n");
            assertThat(able.get().heard().events()).containsOnlyOnce(new Recorder.Lost(5));
        }
    }

    /** A Python child with one end of a pair as {@code s}. */
    private Optional<Child> withPair(String script) throws Exception {
        String program = "import socket, sys\ns = socket.socket(fileno=3)\n" + script;
        return spawnIfAble(
                Capability.ANY_CHILD_FDS,
                SpawnRequest.of(Pythons.newest().executable().toString(), "-ISc", program)
                        .withChildFd(3, ChildFd.readWrite()));
    }

    @Test
    @Shows({Row.CHILD_DESCRIPTORS, Row.PRODUCING})
    void aConversationGoesOnWhileOutputIsHeld() throws Exception {
        Optional<Child> able = withPair("""
                asked = s.recv(100)
                print('output', flush=True)
                s.sendall(asked.upper())
                s.recv(100)
                """);
        if (able.isEmpty()) {
            return;
        }
        Child child = able.get();
        child.does(process -> {
            process.pauseProducing();
            process.writeToChild(3, bytes("asked"));
        });
        child.heard().awaitText(3, "ASKED");
        assertThat(child.heard().text(1)).isEmpty();
        child.does(process -> {
            process.resumeProducing();
            process.writeToChild(3, bytes("end"));
        });
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().text(1)).isEqualTo("output\n");
    }

    @Test
    @Shows({Row.CHILD_DESCRIPTORS, Row.PRODUCING})
    void aConversationThatIsNotReadWaitsAndLosesNothing() throws Exception {
        Optional<Child> able = withPair("""
                import threading, time
                sent = 0
                def send():
                    global sent
                    while sent < 4 << 20:
                        sent += s.send(b'x' * 65536)
                thread = threading.Thread(target=send)
                thread.start()
                before = -1
                while before != sent or not sent:
                    before = sent
                    thread.join(0.3)
                print('waits' if thread.is_alive() else 'has sent all', flush=True)
                thread.join()
                """);
        if (able.isEmpty()) {
            return;
        }
        Child child = able.get();
        child.does(process -> process.setReading(3, false));
        child.heard().awaitText(1, "waits");
        child.does(process -> {
            assertThatThrownBy(() -> process.setReading(1, false)).isInstanceOf(NoSuchChildFdException.class);
            process.setReading(3, true);
        });
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().text(3)).hasSize(4 << 20);
    }

    @Test
    @Shows({Row.CHILD_DESCRIPTORS, Row.WRITE_TO_CHILD, Row.CONNECTION_LOST})
    void aChildThatWritesNoMoreCanStillBeWrittenTo() throws Exception {
        Optional<Child> able = withPair("""
                s.sendall(b'last')
                s.shutdown(socket.SHUT_WR)
                print('shut', flush=True)
                print(s.makefile().read(), flush=True)
                sys.stdin.read()
                """);
        if (able.isEmpty()) {
            return;
        }
        Child child = able.get();
        child.heard().awaitText(1, "shut\n");
        child.heard().awaitText(3, "last");
        // A turn of the reactor, and another: the end of the data has been seen.
        child.does(process -> {});
        child.does(process -> {});
        child.does(process -> process.writeToChild(3, bytes("hel")));
        assertThat(child.heard().lost(3)).isFalse();
        child.does(process -> process.writeToChild(3, bytes("lo")));
        child.does(process -> process.closeChildFd(3));
        child.heard().awaitText(1, "hello\n");
        child.heard().awaitLost(3);
        child.closesStdin();
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().events()).containsOnlyOnce(new Recorder.Lost(3));
    }

    @Test
    @Shows({Row.CHILD_DESCRIPTORS, Row.CONNECTION_LOST})
    void aPairThatTheChildClosesIsLostWhileItLives() throws Exception {
        for (String closing : List.of("s.close()", "s.shutdown(socket.SHUT_WR); s.close()")) {
            Optional<Child> able = withPair(closing + "\nsys.stdin.read()");
            if (able.isPresent()) {
                able.get().heard().awaitLost(3);
                assertThat(able.get().state()).isEqualTo(ProcessTransport.State.SPAWNED);
                able.get().closesStdin();
                assertThat(able.get().heard().awaitEnded()).isEqualTo(new ProcessDone(0));
                assertThat(able.get().heard().events()).containsOnlyOnce(new Recorder.Lost(3));
            }
        }
    }

    @Test
    @Shows({Row.CHILD_DESCRIPTORS, Row.CONNECTION_LOST, Row.END})
    void aHalfClosedPairEndsWithTheProcess() throws Exception {
        Optional<Child> able = withPair("s.shutdown(socket.SHUT_WR)\nsys.stdin.read()");
        if (able.isPresent()) {
            // More than it takes unread.
            able.get().does(process -> process.writeToChild(3, ByteBuffer.allocate(1_000_000)));
            able.get().closesStdin();
            assertThat(able.get().heard().awaitEnded()).isEqualTo(new ProcessDone(0));
            assertThat(able.get().heard().events()).containsOnlyOnce(new Recorder.Lost(3));
        }
    }

    @Test
    @Shows({Row.CHILD_DESCRIPTORS, Row.EXACT_DESCRIPTORS})
    void anUnmappedStandardDescriptorIsClosedInTheChild() throws Exception {
        SpawnRequest request = SpawnRequest.of("/bin/ls", "/proc/self/fd").withChildFds(Map.of(1, ChildFd.read()));
        Optional<Child> able = spawnIfAble(Capability.ANY_CHILD_FDS, request);
        if (able.isPresent()) {
            able.get().heard().awaitEnded();
            // 0 is what ls itself opened: the directory.
            assertThat(able.get().heard().text(1).lines()).containsExactly("0", "1");
        }
    }

    @Test
    @Shows(Row.EXACT_DESCRIPTORS)
    void theChildHoldsTheMappedDescriptorsAndNoOther(@TempDir Path directory) throws Exception {
        requireElseNotRun(Capability.EXACT_DESCRIPTORS);
        SpawnRequest request = SpawnRequest.of(Programs.DESCRIBE.command());
        Path open = Files.createFile(directory.resolve("open"));
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RandomAccessFile file = new RandomAccessFile(open.toFile(), "rw")) {
            assertThat(socket.isBound()).isTrue();
            Child first = spawn(Programs.ECHO.command());
            Described three = Described.parse(ended(request).heard().text(1));
            assertThat(three.descriptors()).containsOnlyKeys(0, 1, 2);
            if (can(Capability.ANY_CHILD_FDS)) {
                Described more = Described.parse(
                        ended(request.withChildFd(7, ChildFd.read()).withChildFd(3, ChildFd.readWrite()))
                                .heard()
                                .text(1));
                assertThat(more.descriptors()).containsOnlyKeys(0, 1, 2, 3, 7);
            }
            assertThat(file.length()).isZero();
            // The other child's input ends though this one started later: nobody else holds its write end.
            first.closesStdin();
            first.heard().awaitEnded();
        }
    }

    @Test
    @Shows(Row.REDIRECTION)
    void filesNullAndAnotherDescriptor(@TempDir Path directory) throws Exception {
        Path input = Files.writeString(directory.resolve("input"), "from a file\n");
        Path output = Files.writeString(directory.resolve("output"), "what was there before, longer\n");
        Child child = ended(request(Steps.of().copyInput().err("error\n"))
                .withChildFd(0, ChildFd.readFrom(input))
                .withChildFd(1, ChildFd.writeTo(output))
                .withChildFd(2, ChildFd.sameAs(1)));
        assertThat(output).hasContent("from a file\nerror\n");
        assertThat(child.heard().events()).noneMatch(Recorder.Lost.class::isInstance);
        ended(request(Steps.of().out("more\n")).withChildFd(1, ChildFd.appendTo(output)));
        assertThat(output).hasContent("from a file\nerror\nmore\n");
        Child nothing = ended(request(Steps.of().countInput().err("gone\n"))
                .withChildFd(0, ChildFd.nullDevice())
                .withChildFd(2, ChildFd.nullDevice()));
        assertThat(nothing.heard().text(1).strip()).isEqualTo("0");
        assertThat(nothing.heard().text(2)).isEmpty();
        assertThat(nothing.heard().events()).containsOnlyOnce(new Recorder.Lost(1));
    }

    @Test
    @Shows(Row.REDIRECTION)
    void errorIntoOutputKeepsTheOrderOfWriting() throws Exception {
        Steps steps = Steps.of();
        for (int i = 1; i <= 3; i++) {
            steps = steps.out("o" + i + "\n").err("e" + i + "\n");
        }
        Child child = ended(request(steps).withChildFd(2, ChildFd.sameAs(1)));
        assertThat(child.heard().text(1)).isEqualTo("o1\ne1\no2\ne2\no3\ne3\n");
        assertThat(child.heard().lost(2)).isFalse();
    }

    @Test
    @Shows(Row.REDIRECTION)
    void outputIntoError() throws Exception {
        Optional<Child> child;
        SpawnRequest request = request(Steps.of().out("out\n").err("err\n")).withChildFd(1, ChildFd.sameAs(2));
        child = spawnIfAble(Capability.ANY_CHILD_FDS, request);
        if (child.isPresent()) {
            child.get().heard().awaitEnded();
            assertThat(child.get().heard().text(2)).isEqualTo("out\nerr\n");
        }
    }

    @Test
    @Shows(Row.REDIRECTION)
    void aRelativeFileIsThatOfTheWorkingDirectory(@TempDir Path directory) throws Exception {
        ended(request(Steps.of().out("here\n"))
                .withWorkingDirectory(directory)
                .withChildFd(1, ChildFd.writeTo(Path.of("relative"))));
        assertThat(directory.resolve("relative")).hasContent("here");
        if (!Os.isWindows()) {
            Path made = Files.createFile(directory.resolve("as usual"));
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("relative"))))
                    .isEqualTo(umasked(made));
        }
    }

    /** What the umask leaves of 0666: as the JVM creates a file. */
    private static String umasked(Path made) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(made));
    }

    @Test
    @Shows(Row.REDIRECTION)
    void anInheritedDescriptorIsOurs() throws Exception {
        Child child = ended(SpawnRequest.of(Programs.DESCRIBE.command()).withChildFd(2, ChildFd.inherit()));
        Described described = Described.parse(child.heard().text(1));
        // On Windows nothing tells which one it is; that what is written arrives is seen from outside of a JVM of its
        // own.
        assertThat(described.descriptors()).containsKey(2);
        if (!Os.isWindows()) {
            assertThat(described.descriptors().get(2))
                    .isEqualTo(
                            Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString());
        }
        assertThat(child.heard().lost(2)).isFalse();
    }

    @Test
    @Shows(Row.SIGNAL_DEFAULTS)
    void signalsAreAtTheirDefaultsAndNoneIsBlocked() throws Exception {
        requireElseNotRun(Capability.SIGNAL_DEFAULTS);
        Child child = ended(SpawnRequest.of(Programs.SIGNAL_STATE.command()));
        assertThat(child.heard().text(1).lines())
                .containsExactly("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "SigCgt:\t0000000000000000");
    }
}
