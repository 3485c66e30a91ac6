package dev.gantry.launcher.linux;

import static dev.gantry.launcher.linux.SystemCallException.check;

import com.sun.jna.Memory;
import dev.gantry.launcher.WindowSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Making, changing and closing descriptors. All are made close-on-exec. Any thread. */
final class Descriptors {
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int PTS_NAME_BYTES = 64;
    private static final int WINSIZE_BYTES = 8;
    private static final int OWNER_ONLY = 0600;
    private static final String FDS = "/proc/self/fd";

    private Descriptors() {}

    /** Two ends: of a pipe, what is written to {@code second} is read from {@code first}. */
    record Pair(int first, int second) {}

    static Pair pipe() throws SystemCallException {
        ByteBuffer two = ints(2);
        check(Libc.pipe2(Libc.address(two), Libc.O_CLOEXEC), () -> "pipe2(O_CLOEXEC)");
        return new Pair(two.getInt(0), two.getInt(4));
    }

    static Pair socketPair() throws SystemCallException {
        ByteBuffer two = ints(2);
        check(
                Libc.socketpair(AF_UNIX, SOCK_STREAM | Libc.O_CLOEXEC, 0, Libc.address(two)),
                () -> "socketpair(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC)");
        return new Pair(two.getInt(0), two.getInt(4));
    }

    static int open(String path, int flags, int mode) throws SystemCallException {
        try (Memory name = cString(path)) {
            int fd = Libc.open(CStrings.address(name), flags | Libc.O_CLOEXEC | Libc.O_NOCTTY, mode);
            return check(fd, () -> "open(" + path + ", 0x" + Integer.toHexString(flags) + ")");
        }
    }

    /** A FIFO that only this user can open. */
    static void makeFifo(String path) throws SystemCallException {
        try (Memory name = cString(path)) {
            check(Libc.mkfifo(CStrings.address(name), OWNER_ONLY), () -> "mkfifo(" + path + ", 0600)");
        }
    }

    /** Writes a few bytes that the descriptor is known to have room for. */
    static void writeAll(int fd, String ascii) throws SystemCallException {
        byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
        try (Memory memory = new Memory(bytes.length)) {
            memory.write(0, bytes, 0, bytes.length);
            long count = Libc.write(fd, CStrings.address(memory), bytes.length);
            if (count != bytes.length) {
                throw new SystemCallException(
                        "write(" + fd + ", " + bytes.length + " bytes)", count == -1 ? Libc.errno() : 0);
            }
        }
    }

    /** 0 if the file is there ({@link Libc#F_OK}) or may be run or entered ({@link Libc#X_OK}) by this process; else the error number. */
    static int access(String path, int mode) {
        try (Memory name = cString(path)) {
            return Libc.access(CStrings.address(name), mode) == 0 ? 0 : Libc.errno();
        }
    }

    /** Whether a path that exists leads to a directory. Needs no descriptor. */
    static boolean isDirectory(String path) {
        return access(path + "/", Libc.F_OK) == 0;
    }

    /** Empties a file; what has no length (a device, a FIFO) is left as it is, as by O_TRUNC. */
    static void empty(int fd) throws SystemCallException {
        if (Libc.ftruncate(fd, 0) == -1) {
            int errno = Libc.errno();
            if (!Errno.EINVAL.is(errno)) {
                throw new SystemCallException("ftruncate(" + fd + ", 0)", errno);
            }
        }
    }

    /** The first bytes of a file; none if they cannot be read. Never blocks. */
    static byte[] beginning(String path, int most) {
        int fd;
        try {
            fd = open(path, Libc.O_RDONLY | Libc.O_NONBLOCK, 0);
        } catch (SystemCallException unreadable) {
            return new byte[0];
        }
        try (Memory memory = new Memory(most)) {
            long count = Libc.read(fd, CStrings.address(memory), most);
            return count > 0 ? memory.getByteArray(0, (int) count) : new byte[0];
        } finally {
            close(fd);
        }
    }

    /** Closes; nothing useful can be done about a failure, and the descriptor is gone in any case. */
    static void close(int fd) {
        Libc.close(fd);
    }

    static void setNonBlocking(int fd, boolean on) throws SystemCallException {
        int flags = check(Libc.fcntl(fd, Libc.F_GETFL, 0), () -> "fcntl(" + fd + ", F_GETFL)");
        int wanted = on ? flags | Libc.O_NONBLOCK : flags & ~Libc.O_NONBLOCK;
        check(
                Libc.fcntl(fd, Libc.F_SETFL, wanted),
                () -> "fcntl(" + fd + ", F_SETFL, 0x" + Integer.toHexString(wanted) + ")");
    }

    /** Of one that was just made, which has no other flags. */
    static void setNonBlocking(int fd) throws SystemCallException {
        check(Libc.fcntl(fd, Libc.F_SETFL, Libc.O_NONBLOCK), () -> "fcntl(" + fd + ", F_SETFL, O_NONBLOCK)");
    }

    static boolean isOpen(int fd) {
        return Libc.fcntl(fd, Libc.F_GETFD, 0) != -1;
    }

    /** Asks for a bigger pipe; false if it is refused, which does no harm. */
    static boolean growPipe(int fd, int bytes) {
        return Libc.fcntl(fd, Libc.F_SETPIPE_SZ, bytes) != -1;
    }

    /** How much a pipe holds; -1 if that cannot be told. */
    static int pipeBytes(int fd) {
        return Libc.fcntl(fd, Libc.F_GETPIPE_SZ, 0);
    }

    /** How many bytes can be read at once now; 0 if that cannot be told. */
    static int readable(int fd) {
        ByteBuffer count = ints(1);
        return Libc.ioctl(fd, Libc.FIONREAD, Libc.address(count)) == -1 ? 0 : count.getInt(0);
    }

    /**
     * The highest number that is open now.
     *
     * @throws SystemCallException if they cannot be listed, for want of a descriptor most likely
     */
    static int highestOpen() throws SystemCallException {
        try (Stream<Path> fds = Files.list(Path.of(FDS))) {
            return fds.mapToInt(fd -> Integer.parseInt(fd.getFileName().toString()))
                    .max()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            throw whyNotOpened(FDS);
        }
    }

    /** Why a file could not be opened by the JDK, which does not tell the error number. */
    static SystemCallException whyNotOpened(String path) {
        try {
            close(open(path, Libc.O_RDONLY, 0));
        } catch (SystemCallException e) {
            return e;
        }
        // Now it can: another thread has closed something meanwhile.
        return new SystemCallException("open(" + path + ")", Errno.EMFILE.number());
    }

    /** What /proc shows a descriptor of ours as: "pipe:[123]"; empty text if there is no /proc. */
    static String link(int fd) {
        try {
            return Files.readSymbolicLink(Path.of(FDS + "/" + fd)).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** A new pseudo-terminal's master, unlocked. */
    static int openPtyMaster() throws SystemCallException {
        int master = check(
                Libc.posix_openpt(Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC),
                () -> "posix_openpt(O_RDWR|O_NOCTTY|O_CLOEXEC)");
        try {
            check(Libc.grantpt(master), () -> "grantpt(" + master + ")");
            check(Libc.unlockpt(master), () -> "unlockpt(" + master + ")");
            return master;
        } catch (SystemCallException e) {
            close(master);
            throw e;
        }
    }

    static String ptySlaveName(int master) throws SystemCallException {
        try (Memory name = new Memory(PTS_NAME_BYTES)) {
            int errno = Libc.ptsname_r(master, CStrings.address(name), PTS_NAME_BYTES);
            if (errno != 0) {
                throw new SystemCallException("ptsname_r(" + master + ")", errno);
            }
            return name.getString(0, StandardCharsets.UTF_8.name());
        }
    }

    static void setWindowSize(int master, WindowSize size) throws SystemCallException {
        try (Memory winsize = new Memory(WINSIZE_BYTES)) {
            winsize.clear();
            winsize.setShort(0, (short) size.rows());
            winsize.setShort(2, (short) size.columns());
            check(
                    Libc.ioctl(master, Libc.TIOCSWINSZ, CStrings.address(winsize)),
                    () -> "ioctl(" + master + ", TIOCSWINSZ, " + size.columns() + "x" + size.rows() + ")");
        }
    }

    private static Memory cString(String text) {
        return CStrings.of(text);
    }

    private static ByteBuffer ints(int count) {
        return ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder());
    }
}
