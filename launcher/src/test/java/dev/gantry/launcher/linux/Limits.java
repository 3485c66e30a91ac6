package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Moments in which this process may have less than it wants. Short ones: other threads feel them too. */
final class Limits {
    static final int RLIMIT_NPROC = 6;
    static final int RLIMIT_NOFILE = 7;

    private static final int ROOM = 64;
    private static final boolean X86_64 = System.getProperty("os.arch").equals("amd64");
    private static final long SYS_SETRESUID = X86_64 ? 117 : 147;
    private static final int NOBODY = 65_534;

    private Limits() {}

    /** Does it under a lower limit. */
    static <T> T lowered(int resource, long soft, Callable<T> act) throws Exception {
        long[] before = get(resource);
        set(resource, soft, before[1]);
        try {
            return act.call();
        } finally {
            set(resource, before[0], before[1]);
        }
    }

    /** Does it while all numbers of descriptors below the limit are taken, but so many. */
    static <T> T withDescriptors(int free, Callable<T> act) throws Exception {
        return lowered(RLIMIT_NOFILE, Descriptors.highestOpen() + ROOM, () -> {
            List<Integer> held = new ArrayList<>();
            try (Memory name = CStrings.of("/dev/null")) {
                for (int fd = openNull(name); fd != -1; fd = openNull(name)) {
                    held.add(fd);
                }
                for (int i = 0; i < free; i++) {
                    Descriptors.close(held.remove(held.size() - 1));
                }
                return act.call();
            } finally {
                held.forEach(Descriptors::close);
            }
        });
    }

    /** Does it where no further process may be made: for root, whom no limit of processes binds, as nobody. On this thread alone. */
    static <T> T withoutProcesses(Callable<T> act) throws Exception {
        Process id = new ProcessBuilder("id", "-u").start();
        boolean root = id.inputReader().readLine().equals("0");
        // Else it may still be a child of ours afterwards.
        id.waitFor();
        return lowered(RLIMIT_NPROC, 0, () -> {
            if (root) {
                assertThat(Libc.syscall(SYS_SETRESUID, NOBODY, NOBODY, 0, 0, 0)).isZero();
            }
            try {
                return act.call();
            } finally {
                if (root) {
                    assertThat(Libc.syscall(SYS_SETRESUID, 0, 0, 0, 0, 0)).isZero();
                }
            }
        });
    }

    private static int openNull(Memory name) {
        return Libc.open(CStrings.address(name), Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
    }

    static long[] get(int resource) {
        try (Memory both = new Memory(16)) {
            assertThat(Function.getFunction("c", "getrlimit").invokeInt(new Object[] {resource, both}))
                    .isZero();
            return both.getLongArray(0, 2);
        }
    }

    static void set(int resource, long soft, long hard) {
        try (Memory both = new Memory(16)) {
            both.setLong(0, soft);
            both.setLong(8, hard);
            assertThat(Function.getFunction("c", "setrlimit").invokeInt(new Object[] {resource, both}))
                    .isZero();
        }
    }
}
