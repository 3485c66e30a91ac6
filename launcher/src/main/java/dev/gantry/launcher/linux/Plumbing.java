package dev.gantry.launcher.linux;

import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.WindowSize;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The descriptors of one spawn, opened here: the child's ends, which are closed after the attempt ({@link #close}), and ours,
 * which go to the transport if it succeeded ({@link #keepOurEnds}) and are closed with the rest if not. On the reactor's thread.
 *
 * <p>In three steps: {@link #enter} the directory, so that the program can be looked for there; {@link #open} the rest; and at the very
 * last {@link #emptyFiles}, so that a start that fails before costs nobody what a file held.
 */
final class Plumbing implements AutoCloseable {
    private static final int FILE_MODE = 0666;

    /**
     * Our end of one of the child's descriptors, non-blocking.
     *
     * @param childFd its number in the child; for a pty, the one under which it is told of
     * @param terminal whether it is a pty's master
     * @param childLink the child's end, as /proc/PID/fd shows it, if that is not the same as ours
     * @param bigPipes who makes it big if it is flooded
     */
    record OurEnd(
            int childFd,
            int fd,
            boolean readable,
            boolean writable,
            boolean terminal,
            Optional<String> childLink,
            Optional<BigPipes> bigPipes) {
        OurEnd(int childFd, int fd, boolean readable, boolean writable, boolean terminal, Optional<String> childLink) {
            this(childFd, fd, readable, writable, terminal, childLink, Optional.empty());
        }

        /** The child's end, as /proc/PID/fd shows it. Only while this one is open. */
        String link() {
            return childLink.orElseGet(() -> Descriptors.link(fd));
        }

        /** Once. */
        void close() {
            Descriptors.close(fd);
        }
    }

    private final SpawnRequest request;
    private final ChildDirectory directory;
    private final BigPipes bigPipes;
    private final Set<Integer> childEnds = new LinkedHashSet<>();
    private final List<OurEnd> ourEnds = new ArrayList<>();
    private final SortedMap<Integer, String> toEmpty = new TreeMap<>();
    private final SortedMap<Integer, FdPlan.Source> sources = new TreeMap<>();
    private OptionalInt directoryFd = OptionalInt.empty();
    private boolean kept;

    private Plumbing(SpawnRequest request, ChildDirectory directory, BigPipes bigPipes) {
        this.request = request;
        this.directory = directory;
        this.bigPipes = bigPipes;
    }

    /** Opens the working directory, if the request has one, and nothing else. */
    static Plumbing enter(SpawnRequest request, ChildDirectory directory, BigPipes bigPipes) throws SpawnException {
        Plumbing plumbing = new Plumbing(request, directory, bigPipes);
        if (request.workingDirectory().isPresent()) {
            plumbing.openDirectory();
        }
        return plumbing;
    }

    /** Opens everything else; what was opened before a failure is closed by {@link #close}. */
    void open() throws SpawnException {
        checkInherited();
        openTerminal();
        for (var entry : request.childFds().entrySet()) {
            open(entry.getKey(), entry.getValue());
        }
        resolveSame();
    }

    /** Empties the files that are to be written anew. From here on, only a failing exec can still end the start. */
    void emptyFiles() throws SpawnException {
        for (var entry : toEmpty.entrySet()) {
            try {
                Descriptors.empty(entry.getKey());
            } catch (SystemCallException e) {
                throw failure(Step.REDIRECTION, entry.getValue(), "cannot empty " + entry.getValue(), e);
            }
        }
    }

    OptionalInt directoryFd() {
        return directoryFd;
    }

    SortedMap<Integer, FdPlan.Source> sources() {
        return sources;
    }

    List<OurEnd> ourEnds() {
        return List.copyOf(ourEnds);
    }

    /** They are somebody else's to close from now on. */
    void keepOurEnds() {
        kept = true;
    }

    @Override
    public void close() {
        childEnds.forEach(Descriptors::close);
        directoryFd.ifPresent(Descriptors::close);
        if (!kept) {
            ourEnds.forEach(OurEnd::close);
        }
    }

    private void openDirectory() throws SpawnException {
        String path = directory.resolve(".");
        try {
            // The dot makes a file ENOTDIR and asks for the permission to enter; O_PATH needs none to list it.
            directoryFd = OptionalInt.of(Descriptors.open(path, Libc.O_PATH, 0));
        } catch (SystemCallException e) {
            String shown = directory.shown();
            throw failure(Step.WORKING_DIRECTORY, shown, "cannot enter the working directory " + shown, e);
        }
    }

    /** Before anything is opened here, so that a number that we got by chance is not taken for one that was there. */
    private void checkInherited() throws SpawnException {
        for (var entry : request.childFds().entrySet()) {
            if (entry.getValue() instanceof ChildFd.Inherit && !Descriptors.isOpen(entry.getKey())) {
                throw new SpawnException(
                        Step.DESCRIPTORS,
                        "descriptor " + entry.getKey(),
                        Errno.EBADF.number(),
                        "descriptor " + entry.getKey() + " is to be inherited, but is not open here");
            }
        }
    }

    /** The child's descriptors that are to be its terminal. A plain loop: a pipeline's classes cost a start more than this. */
    static List<Integer> terminals(SpawnRequest request) {
        List<Integer> terminals = new ArrayList<>();
        request.childFds().forEach((fd, target) -> {
            if (target instanceof ChildFd.Pty) {
                terminals.add(fd);
            }
        });
        return terminals;
    }

    private void openTerminal() throws SpawnException {
        List<Integer> terminals = terminals(request);
        if (terminals.isEmpty()) {
            return;
        }
        WindowSize size = request.pty()
                .orElseThrow(() -> new IllegalArgumentException("descriptors " + terminals
                        + " are to be a pseudo-terminal, but the request has no size for one: use withPty"));
        int told = terminals.contains(1) ? 1 : terminals.get(0);
        try {
            int master = Descriptors.openPtyMaster();
            String name = ptyName(master);
            addOurEnd(new OurEnd(told, master, true, true, true, Optional.of(name)));
            Descriptors.setWindowSize(master, size);
            FdPlan.Terminal terminal = new FdPlan.Terminal(name);
            terminals.forEach(fd -> sources.put(fd, terminal));
        } catch (SystemCallException e) {
            throw failure(Step.DESCRIPTORS, "pseudo-terminal", "cannot make a pseudo-terminal", e);
        }
    }

    private static String ptyName(int master) throws SystemCallException {
        try {
            return Descriptors.ptySlaveName(master);
        } catch (SystemCallException e) {
            Descriptors.close(master);
            throw e;
        }
    }

    private void open(int childFd, ChildFd target) throws SpawnException {
        if (target instanceof ChildFd.File file) {
            openFile(childFd, file);
        } else if (target instanceof ChildFd.Null) {
            openNull(childFd);
        } else if (target instanceof ChildFd.Inherit) {
            sources.put(childFd, new FdPlan.Ours(childFd));
        } else {
            openPipe(childFd, target);
        }
    }

    private void openPipe(int childFd, ChildFd target) throws SpawnException {
        try {
            if (target instanceof ChildFd.Read) {
                Descriptors.Pair pipe = Descriptors.pipe();
                addChildEnd(childFd, pipe.second());
                addOurEnd(
                        new OurEnd(childFd, pipe.first(), true, false, false, Optional.empty(), Optional.of(bigPipes)));
            } else if (target instanceof ChildFd.Write) {
                Descriptors.Pair pipe = Descriptors.pipe();
                addChildEnd(childFd, pipe.first());
                addOurEnd(new OurEnd(childFd, pipe.second(), false, true, false, Optional.empty()));
            } else if (target instanceof ChildFd.ReadWrite) {
                Descriptors.Pair sockets = Descriptors.socketPair();
                addChildEnd(childFd, sockets.second());
                addOurEnd(new OurEnd(
                        childFd, sockets.first(), true, true, false, Optional.of(Descriptors.link(sockets.second()))));
            }
        } catch (SystemCallException e) {
            throw failure(
                    Step.DESCRIPTORS, "descriptor " + childFd, "cannot connect the child's descriptor " + childFd, e);
        }
    }

    private void openNull(int childFd) throws SpawnException {
        try {
            addChildEnd(childFd, Descriptors.open("/dev/null", Libc.O_RDWR, 0));
        } catch (SystemCallException e) {
            throw failure(Step.REDIRECTION, "/dev/null", "cannot open /dev/null", e);
        }
    }

    private void openFile(int childFd, ChildFd.File file) throws SpawnException {
        String path = file.path().toString();
        int flags = switch (file.mode()) {
            case READ -> Libc.O_RDONLY;
            case TRUNCATE -> Libc.O_WRONLY | Libc.O_CREAT;
            case APPEND -> Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND;
        };
        String shown = directory.shown(path);
        try {
            // Non-blocking for the moment of opening: a FIFO without a partner would block the reactor.
            int fd = Descriptors.open(directory.resolve(path), flags | Libc.O_NONBLOCK, FILE_MODE);
            addChildEnd(childFd, fd);
            Descriptors.setNonBlocking(fd, false);
            if (file.mode() == ChildFd.File.Mode.TRUNCATE) {
                toEmpty.put(fd, shown);
            }
        } catch (SystemCallException e) {
            throw failure(
                    Step.REDIRECTION, shown, "cannot redirect the child's descriptor " + childFd + " to " + shown, e);
        }
    }

    private void resolveSame() throws SpawnException {
        for (var entry : request.childFds().entrySet()) {
            if (entry.getValue() instanceof ChildFd.SameAs same) {
                int root = FdPlan.root(request.childFds(), entry.getKey())
                        .orElseThrow(() -> new SpawnException(
                                Step.DESCRIPTORS,
                                "descriptor " + entry.getKey(),
                                Errno.EBADF.number(),
                                "descriptor " + entry.getKey() + " is to be the same as " + same.childFd()
                                        + ", which leads to no mapped descriptor"));
                FdPlan.Source source = sources.get(root);
                if (source != null) {
                    sources.put(entry.getKey(), source);
                }
            }
        }
    }

    private void addChildEnd(int childFd, int fd) {
        childEnds.add(fd);
        sources.put(childFd, new FdPlan.Ours(fd));
    }

    private void addOurEnd(OurEnd end) throws SystemCallException {
        ourEnds.add(end);
        Descriptors.setNonBlocking(end.fd());
    }

    private static SpawnException failure(Step step, String file, String what, SystemCallException cause) {
        SpawnException failure = new SpawnException(step, file, cause.errno(), what + " [" + cause.getMessage() + "]");
        failure.initCause(cause);
        return failure;
    }
}
