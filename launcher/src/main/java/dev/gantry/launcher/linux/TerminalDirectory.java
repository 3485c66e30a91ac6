package dev.gantry.launcher.linux;

import dev.gantry.launcher.SpawnRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The private directory of one terminal launch: scripts, two FIFOs, and our ends of those. Confined to the reactor's thread;
 * closed by its {@link TerminalRun}. Whoever comes first of us and the shell removes it when the program has ended; the guardian does
 * if we are killed before a shell has begun.
 */
final class TerminalDirectory {
    private static final List<String> FILES = List.of(
            TerminalScript.LEASH,
            TerminalScript.REPORT,
            TerminalScript.RUN,
            TerminalScript.TARGET,
            TerminalScript.PID,
            TerminalScript.ENDING,
            TerminalScript.BEGUN);

    private final Path path;
    private final int leash;
    private final int report;
    private boolean leashOpen = true;
    private boolean reportOpen = true;

    private TerminalDirectory(Path path, int leash, int report) {
        this.path = path;
        this.leash = leash;
        this.report = report;
    }

    /**
     * Makes it, ready for the terminal.
     *
     * @throws IllegalArgumentException if a shell cannot start what is requested; nothing is left behind then
     */
    static TerminalDirectory create(SpawnRequest request) throws IOException {
        Path path = Files.createTempDirectory(
                "gantry-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        List<Integer> opened = new ArrayList<>();
        try {
            TerminalScript.write(path, request);
            String leash = path.resolve(TerminalScript.LEASH).toString();
            String report = path.resolve(TerminalScript.REPORT).toString();
            Descriptors.makeFifo(leash);
            Descriptors.makeFifo(report);
            // For both: opening never waits for the shell, and writing never meets a FIFO without a reader.
            opened.add(Descriptors.open(leash, Libc.O_RDWR | Libc.O_NONBLOCK, 0));
            opened.add(Descriptors.open(report, Libc.O_RDONLY | Libc.O_NONBLOCK, 0));
            Descriptors.writeAll(opened.get(0), TerminalScript.GO);
            return new TerminalDirectory(path, opened.get(0), opened.get(1));
        } catch (IOException | RuntimeException | Error failure) {
            opened.forEach(Descriptors::close);
            try {
                remove(path);
            } catch (IOException undeletable) {
                failure.addSuppressed(undeletable);
            }
            throw failure;
        }
    }

    Path path() {
        return path;
    }

    /** Our end of what the shell tells. */
    int report() {
        return report;
    }

    /** The program may run on when the leash is gone. */
    void release() throws SystemCallException {
        if (leashOpen) {
            Descriptors.writeAll(leash, TerminalScript.RELEASE);
        }
    }

    /** Closes the leash: what runs unreleased is ended by the shell's watcher. Idempotent. */
    void closeLeash() {
        if (leashOpen) {
            leashOpen = false;
            Descriptors.close(leash);
        }
    }

    /** Closes the report; whoever watches it has ceased. Idempotent. */
    void closeReport() {
        if (reportOpen) {
            reportOpen = false;
            Descriptors.close(report);
        }
    }

    /**
     * Takes the leash away, so that no shell goes on to execute the program from now on.
     *
     * @return the process that has just passed its last look for the leash, as far as there is one: it must be ended
     */
    Optional<ProcessId> revoke() throws IOException {
        Files.deleteIfExists(path.resolve(TerminalScript.LEASH));
        closeLeash();
        Path pid = path.resolve(TerminalScript.PID);
        if (!Files.exists(pid)) {
            return Optional.empty();
        }
        String[] words = Files.readString(pid).strip().split(" ", -1);
        return words.length == 2
                ? Optional.of(new ProcessId(Long.parseLong(words[0]), Long.parseLong(words[1])))
                : Optional.empty();
    }

    /** Removes what is left of it. */
    void remove() throws IOException {
        remove(path);
    }

    private static void remove(Path path) throws IOException {
        for (String name : FILES) {
            Files.deleteIfExists(path.resolve(name));
        }
        Files.deleteIfExists(path);
    }
}
