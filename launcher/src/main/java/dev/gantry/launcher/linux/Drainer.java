package dev.gantry.launcher.linux;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Plans the process that takes over the pipes of a detached one: a /bin/sh in a session of its own that discards what comes out
 * of those that can be read until they end, and keeps those that can be written open as long as the detached process lives. It
 * ends by itself, or by SIGTERM. Pure.
 */
final class Drainer {
    /** A portable shell's redirections name descriptors by one digit, and 0 to 2 are taken. */
    private static final int FIRST = 3;

    private static final int LAST_READ = 9;
    /** What the drainer waits for. */
    static final String GO = "go\n";

    private Drainer() {}

    /**
     * What to start.
     *
     * @param command the program and its arguments
     * @param childFds the drainer's descriptors: its number, ours. Those that are not here: 0 is what it reads {@link #GO} from before it
     *     begins (at an end of file instead, it ends), 1 and 2 are the null device
     * @param toMakeBlocking our descriptors whose O_NONBLOCK must be taken away before that, since it belongs to what is shared: a
     *     program that reads them takes EAGAIN for an error
     */
    record Plan(List<String> command, SortedMap<Integer, Integer> childFds, List<Integer> toMakeBlocking) {}

    /**
     * Makes the plan.
     *
     * @param detached the process that lives on
     * @param readEnds our descriptors to be read: read ends of pipes, socket pairs, masters of ptys
     * @param writeEnds our descriptors only to be held: write ends of pipes
     * @throws IllegalArgumentException if there are none, or more than seven to be read
     */
    static Plan plan(ProcessId detached, Collection<Integer> readEnds, Collection<Integer> writeEnds) {
        if (readEnds.isEmpty() && writeEnds.isEmpty()) {
            throw new IllegalArgumentException("nothing to drain");
        }
        if (readEnds.size() > LAST_READ - FIRST + 1) {
            throw new IllegalArgumentException("cannot drain more than seven descriptors, these are " + readEnds);
        }
        SortedMap<Integer, Integer> childFds = new TreeMap<>();
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                ShellScript.load("drainer.sh"),
                "gantry-drainer",
                Long.toString(detached.pid()),
                Long.toString(detached.startTime()),
                writeEnds.isEmpty() ? "" : "hold"));
        int next = FIRST;
        for (int fd : readEnds) {
            command.add(Integer.toString(next));
            childFds.put(next++, fd);
        }
        int held = LAST_READ + 1;
        for (int fd : writeEnds) {
            childFds.put(held++, fd);
        }
        return new Plan(List.copyOf(command), childFds, List.copyOf(readEnds));
    }
}
