package dev.gantry.launcher;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What to start and how. Immutable; made by {@link #of} and the {@code with} methods.
 *
 * @param command the argument vector, at least one element, passed verbatim: no shell. The first names the program: a path, or
 *     a name looked up in the child's PATH
 * @param executable the file to run, if it is not the command's first element
 * @param environment changes to our own environment: a value sets, null removes
 * @param clearEnvironment whether the child starts from an empty environment instead of ours
 * @param workingDirectory where the child runs; ours if empty
 * @param childFds the child's descriptors; it gets exactly these
 * @param group its process group
 * @param pty the size of a pseudo-terminal, if one is to be made
 * @param guarded whether the tree must end when we do, however we end
 */
public record SpawnRequest(
        List<String> command,
        Optional<Path> executable,
        Map<String, @Nullable String> environment,
        boolean clearEnvironment,
        Optional<Path> workingDirectory,
        SortedMap<Integer, ChildFd> childFds,
        ProcessGroup group,
        Optional<WindowSize> pty,
        boolean guarded) {

    public SpawnRequest {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the command is empty");
        }
        command = List.copyOf(command);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        childFds = Collections.unmodifiableSortedMap(new TreeMap<>(childFds));
        if (!childFds.isEmpty() && childFds.firstKey() < 0) {
            throw new IllegalArgumentException("child descriptor " + childFds.firstKey() + " is negative");
        }
    }

    /** Pipes on 0, 1 and 2, our environment and directory, a process group of its own, not guarded. */
    public static SpawnRequest of(String... command) {
        return of(List.of(command));
    }

    /** As {@link #of(String...)}. */
    public static SpawnRequest of(List<String> command) {
        SortedMap<Integer, ChildFd> fds = new TreeMap<>();
        fds.put(0, ChildFd.write());
        fds.put(1, ChildFd.read());
        fds.put(2, ChildFd.read());
        return new SpawnRequest(
                command,
                Optional.empty(),
                Map.of(),
                false,
                Optional.empty(),
                fds,
                ProcessGroup.NEW_GROUP,
                Optional.empty(),
                false);
    }

    public SpawnRequest withExecutable(Path file) {
        return new SpawnRequest(
                command,
                Optional.of(file),
                environment,
                clearEnvironment,
                workingDirectory,
                childFds,
                group,
                pty,
                guarded);
    }

    /** Adds changes to those there are; a null value removes the variable from the child's environment. */
    public SpawnRequest withEnvironment(Map<String, @Nullable String> changes) {
        Map<String, @Nullable String> all = new LinkedHashMap<>(environment);
        all.putAll(changes);
        return new SpawnRequest(
                command, executable, all, clearEnvironment, workingDirectory, childFds, group, pty, guarded);
    }

    /** Starts from an empty environment: only {@link #environment()} is set. */
    public SpawnRequest withOnlyEnvironment(Map<String, @Nullable String> variables) {
        return new SpawnRequest(command, executable, variables, true, workingDirectory, childFds, group, pty, guarded);
    }

    public SpawnRequest withWorkingDirectory(Path directory) {
        return new SpawnRequest(
                command,
                executable,
                environment,
                clearEnvironment,
                Optional.of(directory),
                childFds,
                group,
                pty,
                guarded);
    }

    /** Maps one descriptor, in place of what it was. */
    public SpawnRequest withChildFd(int childFd, ChildFd target) {
        SortedMap<Integer, ChildFd> all = new TreeMap<>(childFds);
        all.put(childFd, target);
        return withChildFds(all);
    }

    /** Maps exactly these descriptors. */
    public SpawnRequest withChildFds(Map<Integer, ChildFd> all) {
        return new SpawnRequest(
                command,
                executable,
                environment,
                clearEnvironment,
                workingDirectory,
                new TreeMap<>(all),
                group,
                pty,
                guarded);
    }

    public SpawnRequest withGroup(ProcessGroup processGroup) {
        return new SpawnRequest(
                command,
                executable,
                environment,
                clearEnvironment,
                workingDirectory,
                childFds,
                processGroup,
                pty,
                guarded);
    }

    /** A pseudo-terminal of this size on 0, 1 and 2, and a session of its own. */
    public SpawnRequest withPty(WindowSize size) {
        SortedMap<Integer, ChildFd> all = new TreeMap<>(childFds);
        for (int fd = 0; fd <= 2; fd++) {
            all.put(fd, ChildFd.pty());
        }
        return new SpawnRequest(
                command,
                executable,
                environment,
                clearEnvironment,
                workingDirectory,
                all,
                ProcessGroup.NEW_SESSION,
                Optional.of(size),
                guarded);
    }

    public SpawnRequest withGuarded(boolean on) {
        return new SpawnRequest(
                command, executable, environment, clearEnvironment, workingDirectory, childFds, group, pty, on);
    }
}
