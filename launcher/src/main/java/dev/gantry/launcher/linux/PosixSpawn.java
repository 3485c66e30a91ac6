package dev.gantry.launcher.linux;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import dev.gantry.launcher.ProcessGroup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * One call of posix_spawn: all signals at their defaults, none blocked, and the descriptors of a plan. When it returns, exec has
 * succeeded or the child is gone. Any thread; keeps the attributes of each kind of group.
 */
final class PosixSpawn {
    private static final short SETPGROUP = 0x02;
    private static final short SETSIGDEF = 0x04;
    private static final short SETSIGMASK = 0x08;
    private static final short SETSID = 0x80;
    /** More than any version's posix_spawn_file_actions_t and posix_spawnattr_t need. */
    private static final int ACTIONS_BYTES = 256;

    private static final int ATTRIBUTES_BYTES = 512;
    /** sysconf(3)'s name for the limit of descriptors. */
    private static final int OPEN_MAX = 4;
    /** More than all threads open between a look and a fork; each costs a start about a microsecond. */
    private static final int OPENED_MEANWHILE = 1024;

    private static final int SIGSET_BYTES = 128;
    /** What a call needs besides its texts, in one block: the actions, and behind them the child's number. */
    private static final int OWN_BYTES = ACTIONS_BYTES + Long.BYTES;
    /** Signals 1 to 64; those that the C library keeps for itself as well, which it would leave ignored otherwise. */
    private static final long ALL_SIGNALS = ~0L;

    private PosixSpawn() {}

    /** Whether the child can be made to close all that it must not have in one call, whatever is opened here meanwhile. */
    static boolean canCloseRange() {
        return Libc.CloseFrom.IS_THERE;
    }

    /** How what the child must not have is closed on this C library. */
    static FdPlan.Closing closing() throws SystemCallException {
        return canCloseRange() ? new FdPlan.ByRange() : oneByOne();
    }

    /**
     * For a C library before 2.34: all numbers up to some way above the highest one that is open, since other threads go on opening, and
     * the kernel gives the lowest free number. Only who asks for a number higher than that, at that moment, can leak it. Numbers at or
     * over the limit cannot be opened; those that were before the limit was lowered cannot be closed this way.
     */
    static FdPlan.OneByOne oneByOne() throws SystemCallException {
        Function sysconf = Libc.optional("sysconf").orElseThrow();
        long limit = sysconf.invokeLong(new Object[] {OPEN_MAX});
        long end = Descriptors.highestOpen() + 1L + OPENED_MEANWHILE;
        return new FdPlan.OneByOne((int) (limit < 0 ? end : Math.min(limit, end)));
    }

    /**
     * What to run and how.
     *
     * @param program what exec is given
     * @param directory a descriptor of the directory to enter
     */
    record Job(
            String program,
            List<String> arguments,
            ChildEnvironment environment,
            OptionalInt directory,
            ProcessGroup group,
            FdPlan plan) {
        /** What counts against the system's limit, roughly. */
        long argumentBytes() {
            long bytes = 0;
            for (byte[] text : argumentVector()) {
                bytes += text.length + 9L;
            }
            for (byte[] text : environment.entries()) {
                bytes += text.length + 9L;
            }
            return bytes;
        }

        private List<byte[]> argumentVector() {
            List<byte[]> vector = new ArrayList<>();
            arguments.forEach(argument -> vector.add(argument.getBytes(StandardCharsets.UTF_8)));
            return vector;
        }
    }

    /**
     * Starts it.
     *
     * @return the process id
     * @throws SystemCallException with posix_spawn's error number: of exec, or of a step before it
     */
    static long spawn(Job job) throws SystemCallException {
        try (Memory own = new Memory(OWN_BYTES);
                Memory program = CStrings.of(job.program());
                Texts texts = new Texts();
                CStrings.Vectors vectors = CStrings.vectors(
                        List.of(job.argumentVector(), job.environment().entries()))) {
            long actionsAt = CStrings.address(own);
            succeed(Libc.posix_spawn_file_actions_init(actionsAt), "posix_spawn_file_actions_init");
            try {
                addActions(actionsAt, job, texts);
                int errno = Libc.posix_spawn(
                        actionsAt + ACTIONS_BYTES,
                        CStrings.address(program),
                        actionsAt,
                        Attributes.of(job.group()),
                        vectors.addresses().get(0),
                        vectors.addresses().get(1));
                if (errno != 0) {
                    throw new SystemCallException("posix_spawn(" + job.program() + ")", errno);
                }
                return own.getInt(ACTIONS_BYTES);
            } finally {
                Libc.posix_spawn_file_actions_destroy(actionsAt);
            }
        }
    }

    private static void addActions(long actions, Job job, Texts texts) throws SystemCallException {
        if (job.directory().isPresent()) {
            int fd = job.directory().getAsInt();
            succeed(Libc.posix_spawn_file_actions_addfchdir_np(actions, fd), "addfchdir_np(" + fd + ")");
        }
        for (FdPlan.Action action : job.plan().actions()) {
            int errno = add(actions, action, texts);
            if (errno != 0) {
                // Worded only then: a record's first toString takes some ten milliseconds.
                throw new SystemCallException("posix_spawn_file_actions: " + action, errno);
            }
        }
    }

    private static int add(long actions, FdPlan.Action action, Texts texts) {
        if (action instanceof FdPlan.Dup2 dup) {
            return Libc.posix_spawn_file_actions_adddup2(actions, dup.from(), dup.to());
        }
        if (action instanceof FdPlan.OpenTerminal open) {
            long path = texts.address(open.path());
            return Libc.posix_spawn_file_actions_addopen(actions, open.to(), path, Libc.O_RDWR, 0);
        }
        if (action instanceof FdPlan.Close close) {
            return Libc.posix_spawn_file_actions_addclose(actions, close.fd());
        }
        if (action instanceof FdPlan.CloseEach each) {
            int errno = 0;
            for (int fd = each.lowest(); fd < each.end() && errno == 0; fd++) {
                errno = Libc.posix_spawn_file_actions_addclose(actions, fd);
            }
            return errno;
        }
        FdPlan.CloseFrom closeFrom = (FdPlan.CloseFrom) action;
        return Libc.CloseFrom.posix_spawn_file_actions_addclosefrom_np(actions, closeFrom.lowest());
    }

    /** These functions return the error number themselves. */
    private static void succeed(int errno, String call) throws SystemCallException {
        if (errno != 0) {
            throw new SystemCallException(call, errno);
        }
    }

    /** What the child is besides its program and descriptors: there are as many as groups, each made once. */
    private static final class Attributes {
        private static final Map<ProcessGroup, Memory> MADE = new EnumMap<>(ProcessGroup.class);

        private Attributes() {}

        static synchronized long of(ProcessGroup group) throws SystemCallException {
            Memory made = MADE.get(group);
            if (made == null) {
                made = make(group);
                MADE.put(group, made);
            }
            return CStrings.address(made);
        }

        private static Memory make(ProcessGroup group) throws SystemCallException {
            short flags = SETSIGDEF | SETSIGMASK;
            Memory memory = new Memory(ATTRIBUTES_BYTES);
            long attributes = CStrings.address(memory);
            succeed(Libc.posix_spawnattr_init(attributes), "posix_spawnattr_init");
            if (group == ProcessGroup.NEW_SESSION) {
                // Both at once is EPERM; a new session is a new group.
                flags |= SETSID;
            } else if (group == ProcessGroup.NEW_GROUP) {
                flags |= SETPGROUP;
                succeed(Libc.posix_spawnattr_setpgroup(attributes, 0), "posix_spawnattr_setpgroup(0)");
            }
            try (Memory signals = new Memory(SIGSET_BYTES)) {
                long set = CStrings.address(signals);
                signals.clear();
                succeed(Libc.posix_spawnattr_setsigmask(attributes, set), "posix_spawnattr_setsigmask");
                signals.setLong(0, ALL_SIGNALS);
                succeed(Libc.posix_spawnattr_setsigdefault(attributes, set), "posix_spawnattr_setsigdefault");
            }
            succeed(Libc.posix_spawnattr_setflags(attributes, flags), "posix_spawnattr_setflags");
            return memory;
        }
    }

    /** Strings that must live as long as the actions that point to them. */
    private static final class Texts implements AutoCloseable {
        private final List<Memory> memories = new ArrayList<>();

        long address(String text) {
            Memory memory = CStrings.of(text);
            memories.add(memory);
            return CStrings.address(memory);
        }

        @Override
        public void close() {
            memories.forEach(Memory::close);
        }
    }
}
