package dev.gantry.launcher.linux;

import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ProcessGroup;
import dev.gantry.launcher.SpawnRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the guardian process is told: a small /bin/sh whose standard input is a pipe that only we hold, and which ends all that
 * it knows of when that pipe ends, that is when we are gone. This class words the commands and remembers what is in force, so
 * that another guardian can be told if one is lost. Confined to the reactor's thread; the reactor starts and closes the process.
 *
 * <p>The order closes the gap between start and registration: {@link #intend} before the process exists, then {@link Ward#started}
 * or {@link Ward#failed}. Limits: a descendant that has a session of its own, holds none of the pipes, and lost its parent before it
 * was reported by {@link Ward#member} is not found; nor is one that runs as another user.
 */
final class Guardian {
    /** A write of at most this is never torn. */
    static final int PIPE_BUF = 4096;

    /** More of a command line is not compared. */
    private static final int MAX_FORM = 1000;

    private final Channel channel;
    private final Map<Long, Ward> wards = new LinkedHashMap<>();
    /** Lines that tell of directories. */
    private final Map<Long, String> folders = new LinkedHashMap<>();

    private long lastId;

    /** Where commands go. */
    @FunctionalInterface
    interface Channel {
        /**
         * Writes without waiting. What it tells is in force already: a guardian that is started meanwhile is told it with all the rest.
         *
         * @param lines at most {@link #PIPE_BUF} bytes, whole lines
         * @return whether all that was ever written is out of our hands: what still waits here would be lost with us
         * @throws IOException if there is no guardian now
         */
        boolean write(byte[] lines) throws IOException;
    }

    Guardian(Channel channel) {
        this.channel = channel;
    }

    /** How to start the process: descriptor 0 is the pipe. It must not be guarded, nor ever be sent a signal with others. */
    static SpawnRequest request() {
        return SpawnRequest.of(
                        "/bin/sh", "-c", ShellScript.load("tree.sh", "folder.sh", "guardian.sh"), "gantry-guardian")
                .withChildFds(Map.of(0, ChildFd.write(), 1, ChildFd.nullDevice(), 2, ChildFd.nullDevice()))
                .withOnlyEnvironment(Map.of("PATH", "/usr/bin:/bin"))
                .withWorkingDirectory(Path.of("/"))
                .withGroup(ProcessGroup.NEW_SESSION);
    }

    /**
     * Announces a process that holds pipes, socket pairs or a pty of ours.
     *
     * @param ticks {@link ProcFs#ticksNow}, read before
     * @param links the child's ends, as {@link ProcFs#link} names them; not empty
     * @throws IOException if the guardian takes nothing: the process must not be started then
     */
    Ward intend(long ticks, Collection<String> links) throws IOException {
        if (links.isEmpty()) {
            throw new IllegalArgumentException("a process without pipes is announced by its command line");
        }
        return announce(new Ward(++lastId, ticks, links, ""));
    }

    /**
     * Announces a process that holds none of them. Until it is registered it is known by all of: its parent, a start not before
     * {@code ticks}, its group, and the beginning of its command line. A second process of all these, started by somebody else
     * in the same moment and left to the same new parent, would be taken for it; a change of group before the exec is over, or a
     * command line that begins with other bytes than announced (a script's interpreter may insert an argument, but not drop the
     * script), makes it unknown.
     *
     * @param joinedGroup the group that it joins; empty for one of its own
     * @param file the program as it is passed to exec
     * @param command its arguments
     */
    Ward intendBare(long ticks, OptionalLong joinedGroup, String file, List<String> command) throws IOException {
        String arguments = String.join("", command.subList(1, command.size()));
        String form = (joinedGroup.isPresent() ? Long.toString(joinedGroup.getAsLong()) : "own") + " "
                + form(command.get(0) + arguments) + "\t" + form(file + arguments);
        return announce(new Ward(++lastId, ticks, List.of(), form));
    }

    /**
     * Takes over a process that runs already, in a terminal: {@link Ward#announce} tells of it. When we are gone its shell asks it
     * to end, and whom of its descendants that finds; the guardian asks the others, and ends who is left a second and a half later.
     */
    Ward watch(ProcessId process) {
        Ward ward = new Ward(++lastId, process.startTime(), List.of(), "");
        ward.gentle = true;
        ward.roots.add(process);
        wards.put(ward.id, ward);
        return ward;
    }

    /**
     * A directory of a launch that waits for a terminal: if we are gone before a shell has begun to use it, it is removed. Its name must
     * be one that a line can carry; another one is not told.
     *
     * @throws IOException if no guardian could be told; it is in force all the same
     */
    void add(Folder folder) throws IOException {
        if (folder.path.equals(form(folder.path)) && folder.path.equals(folder.path.strip())) {
            String line = "folder " + folder.id + " " + folder.path;
            folders.put(folder.id, line);
            channel.write(pack(List.of(line)).get(0));
        }
    }

    /** Everything in force, for a guardian that knows nothing yet: each element is one write. */
    List<byte[]> replay() {
        List<byte[]> writes = new ArrayList<>();
        wards.values().forEach(ward -> writes.addAll(pack(ward.lines())));
        if (!folders.isEmpty()) {
            writes.addAll(pack(List.copyOf(folders.values())));
        }
        return writes;
    }

    /** Whether nothing would be ended or removed. */
    boolean isIdle() {
        return wards.isEmpty() && folders.isEmpty();
    }

    private Ward announce(Ward ward) throws IOException {
        wards.put(ward.id, ward);
        boolean told;
        try {
            told = ward.announce();
        } catch (IOException e) {
            wards.remove(ward.id);
            throw e;
        }
        if (!told) {
            ward.failed();
            throw new IOException("the guardian process does not read what it is told: it is stopped, or the machine is"
                    + " overloaded; try again in a moment");
        }
        return ward;
    }

    /** The printable beginning, up to the first character that a shell's line cannot carry. */
    private static String form(String text) {
        int end = 0;
        while (end < text.length() && end < MAX_FORM && text.charAt(end) >= ' ' && text.charAt(end) < 0x7F) {
            end++;
        }
        return text.substring(0, end);
    }

    /** As few writes as whole lines fit in. */
    private static List<byte[]> pack(List<String> lines) {
        List<byte[]> writes = new ArrayList<>();
        StringBuilder next = new StringBuilder();
        for (String line : lines) {
            if (next.length() + line.length() + 1 > PIPE_BUF && next.length() > 0) {
                writes.add(next.toString().getBytes(StandardCharsets.US_ASCII));
                next.setLength(0);
            }
            next.append(line).append('\n');
        }
        writes.add(next.toString().getBytes(StandardCharsets.US_ASCII));
        return writes;
    }

    /** One directory, for {@link #add}. */
    final class Folder {
        private final long id = ++lastId;
        private final String path;

        Folder(String path) {
            this.path = path;
        }

        /** It is gone, or somebody else's. Idempotent. */
        void release() throws IOException {
            if (folders.remove(id) != null) {
                channel.write(pack(List.of("release " + id)).get(0));
            }
        }
    }

    /** One guarded process and what became of it. What is told is in force even if the telling fails: another guardian will be told. */
    final class Ward {
        private final long id;
        private final long ticks;
        private final Set<String> links;
        private final String form;
        private final Set<ProcessId> roots = new LinkedHashSet<>();
        private final Set<ProcessId> members = new LinkedHashSet<>();
        private boolean gentle;

        private Ward(long id, long ticks, Collection<String> links, String form) {
            this.id = id;
            this.ticks = ticks;
            this.links = new LinkedHashSet<>(links);
            this.form = form;
        }

        /** Tells all that is known of it; as {@link Channel#write}. */
        boolean announce() throws IOException {
            boolean told = true;
            for (byte[] lines : pack(lines())) {
                told = channel.write(lines);
            }
            return told;
        }

        /** It runs. A zombie too is told: its group may live on. */
        void started(ProcessId child) throws IOException {
            roots.add(child);
            tell(line("root", child));
        }

        /** It was not started. */
        void failed() throws IOException {
            forget("failed");
        }

        /** A descendant that could not be found from the root one day. */
        void member(ProcessId descendant) throws IOException {
            if (members.add(descendant)) {
                tell(line("member", descendant));
            }
        }

        /** That one is gone. */
        void gone(ProcessId member) throws IOException {
            if (members.remove(member)) {
                tell(line("gone", member));
            }
        }

        /** Our end of this pipe or pty is closed; the number or name may be given to others now. */
        void closed(String link) throws IOException {
            if (links.remove(link)) {
                tell("closed " + id + " " + link);
            }
        }

        /** Nothing of it is to be ended: it is gone with all its descendants, or may outlive us. Idempotent. */
        void release() throws IOException {
            forget("release");
        }

        /** The pipes and terminals of ours that only its tree can hold. */
        Set<String> links() {
            return links;
        }

        /** Those of {@link #member} that are not gone. */
        Set<ProcessId> members() {
            return members;
        }

        /** Whether it runs in a terminal. */
        boolean isGentle() {
            return gentle;
        }

        private void forget(String verb) throws IOException {
            if (wards.remove(id) != null) {
                tell(verb + " " + id);
            }
        }

        private void tell(String line) throws IOException {
            channel.write(pack(List.of(line)).get(0));
        }

        private String line(String verb, ProcessId process) {
            return verb + " " + id + " " + process.pid() + " " + process.startTime();
        }

        private List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add("intent " + id + " " + ticks);
            if (gentle) {
                lines.add("gentle " + id);
            }
            links.forEach(link -> lines.add("link " + id + " " + link));
            if (!form.isEmpty() && roots.isEmpty()) {
                lines.add("bare " + id + " " + form);
            }
            roots.forEach(root -> lines.add(line("root", root)));
            members.forEach(member -> lines.add(line("member", member)));
            return lines;
        }
    }
}
