package dev.gantry.launcher.windows;

import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinNT;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The three handles that a child gets, and our ends of those that are pipes. Owns all of them; whoever takes
 * one over by {@link #takeOurs} closes it. Confined to the reactor's thread.
 */
final class StandardHandles implements AutoCloseable {
    /** Remembered before the first child, and so before the first signal. */
    private static final OwnHandles OWN = OwnHandles.now();

    private final Handles handles = new Handles();
    private final List<Long> toTruncate = new ArrayList<>();
    private final long[] childs = new long[3];
    private final SortedMap<Integer, Long> ours = new TreeMap<>();

    private final CompletionPort port;

    private StandardHandles(CompletionPort port) {
        this.port = port;
    }

    /** Opens all; on failure, none stays open. */
    static StandardHandles open(Map<Integer, ChildFd> targets, String directory, CompletionPort port)
            throws SpawnException {
        StandardHandles all = new StandardHandles(port);
        try {
            for (int childFd = 0; childFd <= 2; childFd++) {
                ChildFd target = targets.get(childFd);
                if (target == null) {
                    throw WindowsBackend.lacks(Capability.ANY_CHILD_FDS, "a child without descriptor " + childFd);
                }
                if (!(target instanceof ChildFd.SameAs)) {
                    all.childs[childFd] = all.open(childFd, target, directory);
                }
            }
            all.share(targets);
            return all;
        } catch (SpawnException | RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    private void share(Map<Integer, ChildFd> targets) {
        for (int childFd = 0; childFd <= 2; childFd++) {
            if (targets.get(childFd) instanceof ChildFd.SameAs same) {
                if (childFd != 2 || same.childFd() != 1 || targets.get(1) instanceof ChildFd.SameAs) {
                    throw WindowsBackend.lacks(
                            Capability.ANY_CHILD_FDS, "descriptor " + childFd + " as a copy of " + same.childFd());
                }
                childs[childFd] = childs[same.childFd()];
            }
        }
    }

    private long open(int childFd, ChildFd target, String directory) throws SpawnException {
        if (childFd == 0 ? target instanceof ChildFd.Write : target instanceof ChildFd.Read) {
            return pipe(childFd);
        }
        if (target instanceof ChildFd.Null) {
            return file("NUL", childFd == 0 ? WinNT.GENERIC_READ : WinNT.GENERIC_WRITE, WinNT.OPEN_EXISTING);
        }
        if (target instanceof ChildFd.Inherit) {
            return handles.add(OWN.copy(childFd));
        }
        if (target instanceof ChildFd.File file && (childFd == 0) == (file.mode() == ChildFd.File.Mode.READ)) {
            return file(resolve(directory, file.path()), file.mode());
        }
        throw WindowsBackend.lacks(Capability.ANY_CHILD_FDS, target + " as descriptor " + childFd);
    }

    private long pipe(int childFd) throws SpawnException {
        try {
            PipePair pair = childFd == 0 ? PipePair.childReads() : PipePair.childWrites();
            ours.put(childFd, handles.add(pair.ours()));
            handles.add(pair.childs());
            port.associate(pair.ours(), "descriptor " + childFd);
            return pair.childs();
        } catch (SystemCallException e) {
            throw new SpawnException(
                    Step.DESCRIPTORS, "descriptor " + childFd, e.code(), String.valueOf(e.getMessage()));
        }
    }

    private static String resolve(String directory, Path path) {
        return WindowsPath.unlimited(Path.of(directory).resolve(path).toString());
    }

    private long file(String path, ChildFd.File.Mode mode) throws SpawnException {
        return switch (mode) {
            case READ -> file(path, WinNT.GENERIC_READ, WinNT.OPEN_EXISTING);
            case TRUNCATE -> {
                long handle = file(path, WinNT.GENERIC_WRITE, WinNT.OPEN_ALWAYS);
                toTruncate.add(handle);
                yield handle;
            }
            case APPEND -> file(path, WinNT.FILE_APPEND_DATA | WinNT.SYNCHRONIZE, WinNT.OPEN_ALWAYS);
        };
    }

    private long file(String path, int access, int disposition) throws SpawnException {
        long handle = Kernel32.CreateFileW(
                new WString(path),
                access,
                WinNT.FILE_SHARE_READ | WinNT.FILE_SHARE_WRITE | WinNT.FILE_SHARE_DELETE,
                Handles.inheritable(),
                disposition,
                WinNT.FILE_ATTRIBUTE_NORMAL,
                0);
        if (handle == Kernel32.INVALID_HANDLE_VALUE) {
            int code = Kernel32.lastError();
            throw new SpawnException(
                    Step.REDIRECTION, path, code, "cannot open " + path + ": " + WindowsError.describe(code));
        }
        return handles.add(handle);
    }

    /** From now on what asks for our standard output gets standard error; the old handle stays open for who has it. */
    static void letOutputBeError() {
        OWN.letOutputBeError();
    }

    /** Empties the files that are to be: when nothing is left that can fail but the start itself. */
    void truncate() throws SystemCallException {
        for (long file : toTruncate) {
            SystemCallException.check(Kernel32.SetEndOfFile(file), () -> "SetEndOfFile of a redirection");
        }
    }

    /** The child has its handles: ours of the same things would keep its pipes open, and others could inherit them. */
    void closeChilds() {
        handles.closeAllBut(ours.values());
    }

    /** The child's descriptors that are pipes. */
    List<Integer> pipes() {
        return List.copyOf(ours.keySet());
    }

    /** The handle of one of the child's descriptors. */
    long childs(int childFd) {
        return childs[childFd];
    }

    /** The child's handles, each once. */
    List<Long> distinct() {
        List<Long> all = new ArrayList<>();
        for (long handle : childs) {
            if (!all.contains(handle)) {
                all.add(handle);
            }
        }
        return all;
    }

    /** Our end of a pipe; whoever takes it closes it. */
    long takeOurs(int childFd) {
        long handle = ours.getOrDefault(childFd, Kernel32.INVALID_HANDLE_VALUE);
        handles.giveAway(handle);
        return handle;
    }

    @Override
    public void close() {
        handles.close();
    }
}
