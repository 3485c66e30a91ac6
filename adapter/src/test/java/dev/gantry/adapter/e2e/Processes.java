package dev.gantry.adapter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.Os;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What /proc, or Windows, says of processes by their ids, and signals to them. Stateless. */
final class Processes {
    private Processes() {}

    /** Whether there is one that is not a zombie. */
    static boolean isAlive(long pid) {
        if (Os.isWindows()) {
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        }
        return state(pid).map(state -> state != 'Z' && state != 'X').orElse(false);
    }

    /** R, S, D, T, Z as in ps; empty if it is gone. */
    static Optional<Character> state(long pid) {
        return read(pid, "stat").map(stat -> stat.charAt(stat.lastIndexOf(')') + 2));
    }

    /** Bytes of memory that it has now. */
    static long resident(long pid) {
        return kilobytes(pid, "VmRSS");
    }

    /** The most bytes of memory that it ever had. */
    static long peak(long pid) {
        return kilobytes(pid, "VmHWM");
    }

    /** How many characters it has written so far, to anything. */
    static long written(long pid) {
        return read(pid, "io").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("wchar:"))
                .mapToLong(line -> Long.parseLong(line.substring(6).strip()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("process " + pid + " is gone"));
    }

    private static long kilobytes(long pid, String key) {
        return read(pid, "status").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(key + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new AssertionError("process " + pid + " tells no " + key));
    }

    /** What its descriptors are. */
    static List<String> descriptors(long pid) throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return links.map(Processes::target).sorted().toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closedMeanwhile) {
            return "(closed)";
        }
    }

    /** All live processes of the machine whose environment has this variable with this value. */
    static List<Long> withVariable(String name, String value) {
        String wanted = "\0" + name + "=" + value + "\0";
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.map(path -> path.getFileName().toString())
                    .filter(file -> file.chars().allMatch(Character::isDigit))
                    .map(Long::parseLong)
                    .filter(pid -> read(pid, "environ")
                            .filter(environment -> ("\0" + environment).contains(wanted))
                            .isPresent())
                    .filter(Processes::isAlive)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError("/proc cannot be read", e);
        }
    }

    /** "12 (sleep 60)", for a failure's text. */
    static String describe(long pid) {
        if (Os.isWindows()) {
            return pid + " ("
                    + ProcessHandle.of(pid)
                            .flatMap(process -> process.info().command())
                            .orElse("gone") + ")";
        }
        return pid + " ("
                + read(pid, "cmdline")
                        .map(line -> line.replace('\0', ' ').strip())
                        .orElse("gone") + ")";
    }

    /** Sends a signal by its name, TERM or INT or any; one that is gone already is no fault. */
    static void signal(String name, long pid) {
        if (Os.isWindows() && name.equals("KILL")) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            return;
        }
        try {
            Process kill = new ProcessBuilder("/bin/kill", "-" + name, String.valueOf(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.getOutputStream().close();
            assertThat(kill.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } catch (IOException e) {
            throw new AssertionError("kill", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for what has no event; fails at the deadline. */
    static ConditionFactory within(Duration deadline) {
        return Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(deadline);
    }

    private static Optional<String> read(long pid, String file) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), file));
            return bytes.length == 0 ? Optional.empty() : Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException goneOrNotOurs) {
            return Optional.empty();
        }
    }
}
