package dev.gantry.launcher.linux;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;

/**
 * Reads small files of /proc by plain system calls: what java.nio throws does not tell a process that is gone from one that could
 * not be looked at. Any thread; holds nothing.
 */
final class ProcFile {
    private static final int PIECE = 4096;

    private ProcFile() {}

    /** What came of a reading. */
    sealed interface Content {}

    /** What is in it. */
    record Text(String text) implements Content {}

    /** There is no such file, since there is no such process or thread. */
    record Gone() implements Content {}

    /** It says nothing about the process that it could not be read: we have no descriptor left, or it is closed to us. */
    record Unreadable(SystemCallException why) implements Content {}

    private static final Gone GONE = new Gone();

    /** The whole file, or its beginning. */
    static Content read(String path, int maxBytes) {
        try (Memory name = CStrings.of(path)) {
            int fd;
            do {
                fd = Libc.open(CStrings.address(name), Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NOCTTY, 0);
            } while (fd == -1 && Errno.EINTR.is(Libc.errno()));
            if (fd == -1) {
                return failure("open(" + path + ", O_RDONLY)", Libc.errno());
            }
            try {
                return read(path, fd, maxBytes);
            } finally {
                Descriptors.close(fd);
            }
        }
    }

    private static Content read(String path, int fd, int maxBytes) {
        byte[] bytes = new byte[Math.min(PIECE, maxBytes)];
        int length = 0;
        try (Memory piece = new Memory(PIECE)) {
            while (length < maxBytes) {
                long count = Libc.read(fd, CStrings.address(piece), Math.min(PIECE, maxBytes - length));
                if (count == 0) {
                    break;
                }
                if (count > 0) {
                    bytes = withRoom(bytes, length + (int) count);
                    piece.read(0, bytes, length, (int) count);
                    length += (int) count;
                } else if (!Errno.EINTR.is(Libc.errno())) {
                    return failure("read(" + path + ")", Libc.errno());
                }
            }
        }
        return new Text(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    private static byte[] withRoom(byte[] bytes, int length) {
        return length <= bytes.length ? bytes : java.util.Arrays.copyOf(bytes, Math.max(length, 2 * bytes.length));
    }

    private static Content failure(String call, int errno) {
        return Errno.ENOENT.is(errno) || Errno.ESRCH.is(errno)
                ? GONE
                : new Unreadable(new SystemCallException(call, errno));
    }
}
