package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Moments in which this process can open so many more descriptors and no more. Short ones: other threads feel them too. */
final class FewDescriptors {
    private static final int RLIMIT_NOFILE = 7;
    private static final int ROOM = 64;

    private FewDescriptors() {}

    /** Does it while all numbers below the limit are taken, but so many. */
    static <T> T leaving(int free, Callable<T> act) throws Exception {
        long[] limits = limits();
        List<Integer> held = new ArrayList<>();
        setLimits(Descriptors.highestOpen() + ROOM, limits[1]);
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
            setLimits(limits[0], limits[1]);
        }
    }

    private static int openNull(Memory name) {
        return Libc.open(CStrings.address(name), Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
    }

    static long[] limits() {
        try (Memory both = new Memory(16)) {
            assertThat(Function.getFunction("c", "getrlimit").invokeInt(new Object[] {RLIMIT_NOFILE, both}))
                    .isZero();
            return both.getLongArray(0, 2);
        }
    }

    static void setLimits(long soft, long hard) {
        try (Memory both = new Memory(16)) {
            both.setLong(0, soft);
            both.setLong(8, hard);
            assertThat(Function.getFunction("c", "setrlimit").invokeInt(new Object[] {RLIMIT_NOFILE, both}))
                    .isZero();
        }
    }
}
