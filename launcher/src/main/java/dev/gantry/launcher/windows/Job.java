package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinNT;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A job object: a process and all that it starts. A guarded one lets nobody leave, and ends its processes when its last handle is
 * closed, by us or by our end; another lets go who asks for that (CREATE_BREAKAWAY_FROM_JOB). No crash in it waits for an answer to
 * a dialog. Owns the handle. Confined to the reactor's thread.
 */
final class Job implements AutoCloseable, EndRequests.Members {
    private static final int PROCESS_ID_LIST = 3;
    private static final int ASSOCIATE_COMPLETION_PORT = 7;
    private static final int EXTENDED_LIMITS = 9;
    /** JOBOBJECT_EXTENDED_LIMIT_INFORMATION. */
    private static final int LIMITS_BYTES = 144;

    private static final int LIMIT_FLAGS_AT = 16;
    private static final int DIE_ON_UNHANDLED_EXCEPTION = 0x0400;
    private static final int BREAKAWAY_OK = 0x0800;
    private static final int KILL_ON_JOB_CLOSE = 0x2000;
    private static final int FIRST_LIST = 64;
    private static final int ERROR_MORE_DATA = 234;

    private final long handle;
    private boolean closed;
    private Runnable atClose = () -> {};

    private Job(long handle) {
        this.handle = handle;
    }

    /** An empty one. */
    static Job create(boolean guarded) throws SystemCallException {
        long handle = Kernel32.CreateJobObjectW(0, 0);
        if (handle == 0) {
            throw SystemCallException.last("CreateJobObjectW");
        }
        Job job = new Job(handle);
        try {
            job.setGuarded(guarded);
        } catch (SystemCallException e) {
            job.close();
            throw e;
        }
        return job;
    }

    long handle() {
        return handle;
    }

    boolean isClosed() {
        return closed;
    }

    void setGuarded(boolean guarded) throws SystemCallException {
        try (Memory limits = new Memory(LIMITS_BYTES)) {
            limits.clear();
            limits.setInt(LIMIT_FLAGS_AT, DIE_ON_UNHANDLED_EXCEPTION | (guarded ? KILL_ON_JOB_CLOSE : BREAKAWAY_OK));
            set(EXTENDED_LIMITS, limits, "limits");
        }
    }

    /** Has the handler called with the number of each of its messages, on the port's thread, until it is closed. */
    void reportTo(CompletionPort port, IntConsumer handler) throws SystemCallException {
        long key = port.watch(handler);
        atClose = () -> port.forget(key);
        try (Memory association = new Memory(16)) {
            association.setLong(0, key);
            association.setLong(8, port.handle());
            set(ASSOCIATE_COMPLETION_PORT, association, "completion port");
        }
    }

    private void set(int kind, Memory information, String what) throws SystemCallException {
        SystemCallException.check(
                Kernel32.SetInformationJobObject(
                        handle, kind, Pointer.nativeValue(information), (int) information.size()),
                () -> "SetInformationJobObject(" + what + ")");
    }

    /** The live processes in it. */
    @Override
    public List<Long> pids() throws SystemCallException {
        if (closed) {
            return List.of();
        }
        int room = FIRST_LIST;
        while (true) {
            try (Memory list = new Memory(8 + 8L * room)) {
                list.clear();
                int done = Kernel32.QueryInformationJobObject(
                        handle, PROCESS_ID_LIST, Pointer.nativeValue(list), (int) list.size(), 0);
                if (done == 0 && Kernel32.lastError() != ERROR_MORE_DATA) {
                    throw SystemCallException.last("QueryInformationJobObject(process list)");
                }
                int assigned = list.getInt(0);
                if (assigned <= room) {
                    List<Long> pids = new ArrayList<>();
                    for (int i = 0; i < list.getInt(4); i++) {
                        pids.add(list.getLong(8 + 8L * i));
                    }
                    return pids;
                }
                room = assigned + FIRST_LIST;
            }
        }
    }

    @Override
    public EndRequests.Held hold(long pid) {
        // Wine answers the question below to none that has less; who is not to be asked so much is asked for less.
        long process = Kernel32.OpenProcess(WinNT.PROCESS_QUERY_INFORMATION, 0, (int) pid);
        if (process == 0) {
            process = Kernel32.OpenProcess(WinNT.PROCESS_QUERY_LIMITED_INFORMATION, 0, (int) pid);
        }
        return new HeldProcess(process, process != 0 && has(process));
    }

    private boolean has(long process) {
        try (Memory result = new Memory(4)) {
            return Kernel32.IsProcessInJob(process, handle, Pointer.nativeValue(result)) != 0 && result.getInt(0) != 0;
        }
    }

    private record HeldProcess(long process, boolean isMember) implements EndRequests.Held {
        @Override
        public void close() {
            if (process != 0) {
                Kernel32.CloseHandle(process);
            }
        }
    }

    /** Ends all its processes at once with this exit code. */
    void terminate(int code) throws SystemCallException {
        if (!closed) {
            SystemCallException.check(
                    Kernel32.TerminateJobObject(handle, code), () -> "TerminateJobObject(" + code + ")");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            atClose.run();
            Kernel32.CloseHandle(handle);
        }
    }
}
