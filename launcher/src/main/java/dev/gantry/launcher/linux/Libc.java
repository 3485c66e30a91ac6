package dev.gantry.launcher.linux;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The C library, by JNA's direct mapping: names and meanings are those of its manual. Addresses are plain longs. Functions with a
 * variable number of arguments are mapped with a fixed one, which both calling conventions (x86-64, aarch64) pass alike.
 *
 * <p>Any thread; the error number is the calling thread's, right after the call. Loading this class links all functions: some
 * milliseconds the first time, so nobody touches it before it is needed.
 */
final class Libc {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_NOCTTY = 0x100;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int O_PATH = 0x200000;

    static final int F_GETFD = 1;
    static final int F_GETFL = 3;
    static final int F_SETFL = 4;
    static final int F_DUPFD_CLOEXEC = 1030;
    static final int F_SETPIPE_SZ = 1031;
    static final int F_GETPIPE_SZ = 1032;

    static final long FIONREAD = 0x541B;
    static final long TIOCSWINSZ = 0x5414;
    static final long TCGETS = 0x5401;

    static final int F_OK = 0;
    static final int X_OK = 1;

    private static final NativeLibrary LIBRARY = NativeLibrary.getProcess();

    static {
        DirectMapping.register(Libc.class, LIBRARY);
    }

    private Libc() {}

    static native int pipe2(long fds, int flags);

    static native int socketpair(int domain, int type, int protocol, long fds);

    static native int shutdown(int fd, int how);

    static native int close(int fd);

    static native int open(long path, int flags, int mode);

    static native int mkfifo(long path, int mode);

    static native int access(long path, int mode);

    static native int ftruncate(int fd, long length);

    static native int dup2(int from, int to);

    static native int fcntl(int fd, int command, long argument);

    static native int ioctl(int fd, long request, long argument);

    static native long read(int fd, long buffer, long count);

    static native long write(int fd, long buffer, long count);

    static native long send(int socket, long buffer, long count, int flags);

    static native int poll(long fds, long count, int timeoutMillis);

    static native int eventfd(int value, int flags);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, long event);

    static native int epoll_wait(int epoll, long events, int count, int timeoutMillis);

    static native int posix_openpt(int flags);

    static native int grantpt(int fd);

    static native int unlockpt(int fd);

    static native int ptsname_r(int fd, long buffer, long length);

    static native int getpid();

    static native int kill(int pid, int signal);

    static native int getpgid(int pid);

    static native int getsid(int pid);

    static native int clock_gettime(int clock, long time);

    static native int prctl(int option, long a, long b, long c, long d);

    static native int sigaction(int signal, long action, long old);

    static native long syscall(long number, long a, long b, long c, long d, long e);

    static native int posix_spawn(long pid, long path, long actions, long attributes, long argv, long envp);

    static native int posix_spawn_file_actions_init(long actions);

    static native int posix_spawn_file_actions_destroy(long actions);

    static native int posix_spawn_file_actions_adddup2(long actions, int from, int to);

    static native int posix_spawn_file_actions_addclose(long actions, int fd);

    static native int posix_spawn_file_actions_addopen(long actions, int fd, long path, int flags, int mode);

    static native int posix_spawn_file_actions_addfchdir_np(long actions, int fd);

    static native int posix_spawnattr_init(long attributes);

    static native int posix_spawnattr_setflags(long attributes, short flags);

    static native int posix_spawnattr_setpgroup(long attributes, int group);

    static native int posix_spawnattr_setsigmask(long attributes, long set);

    static native int posix_spawnattr_setsigdefault(long attributes, long set);

    /** What glibc has since 2.34. Linked by itself, when it is first asked for. */
    static final class CloseFrom {
        static final boolean IS_THERE = isThere();

        private CloseFrom() {}

        private static boolean isThere() {
            try {
                DirectMapping.register(CloseFrom.class, LIBRARY);
                return true;
            } catch (UnsatisfiedLinkError e) {
                return false;
            }
        }

        static native int posix_spawn_file_actions_addclosefrom_np(long actions, int lowest);
    }

    /** A function that not every version of the library has; called by reflection, so a little slower. */
    static Optional<Function> optional(String name) {
        try {
            return Optional.of(LIBRARY.getFunction(name));
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    /** The error number of this thread's last call. */
    static int errno() {
        return Native.getLastError();
    }

    /** Where a direct buffer's content begins (its index 0, not its position). Valid while the buffer is reachable. */
    static long address(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }
}
