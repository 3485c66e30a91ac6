package dev.gantry.launcher.linux;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Reads small files of /proc by plain system calls: what java.nio throws does not tell a process that is gone from one that could
 * not be looked at, and it makes some 30 KB of garbage for each. Any thread: each keeps one page to read into.
 */
final class ProcFile {
    private static final int PIECE = 4096;
    private static final int LONGEST_NAME = 256;
    private static final int MOST = 1 << 20;

    private static final ThreadLocal<Page> PAGE = ThreadLocal.withInitial(Page::new);

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

    /** Where the system puts what it reads, and behind that the name of the file. */
    private static final class Page {
        final ByteBuffer memory = ByteBuffer.allocateDirect(PIECE + LONGEST_NAME);
        final long address = Libc.address(memory);

        int open(String path) {
            byte[] name = path.getBytes(StandardCharsets.UTF_8);
            if (name.length >= LONGEST_NAME) {
                try (Memory longName = CStrings.of(path)) {
                    return opened(CStrings.address(longName));
                }
            }
            memory.put(PIECE, name).put(PIECE + name.length, (byte) 0);
            return opened(address + PIECE);
        }

        private static int opened(long name) {
            int fd;
            do {
                fd = Libc.open(name, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NOCTTY, 0);
            } while (fd == -1 && Errno.EINTR.is(Libc.errno()));
            return fd;
        }

        /** How much came, 0 at the end, -1 for an error. */
        int read(int fd, int most) {
            long count;
            do {
                count = Libc.read(fd, address, Math.min(PIECE, most));
            } while (count == -1 && Errno.EINTR.is(Libc.errno()));
            return (int) count;
        }
    }

    /** A file that the system makes in one piece of less than 4 KiB. */
    static Content readRecord(String path) {
        return read(path, PIECE, true);
    }

    /** The whole file, or its beginning. */
    static Content read(String path, int maxBytes) {
        return read(path, maxBytes, false);
    }

    private static Content read(String path, int maxBytes, boolean onePiece) {
        Page page = PAGE.get();
        int fd = page.open(path);
        if (fd == -1) {
            return failure("open(" + path + ", O_RDONLY)", Libc.errno());
        }
        try {
            byte[] bytes = new byte[0];
            int length = 0;
            while (length < maxBytes && !(onePiece && length > 0)) {
                int count = page.read(fd, maxBytes - length);
                if (count == -1) {
                    return failure("read(" + path + ")", Libc.errno());
                }
                if (count == 0) {
                    break;
                }
                if (bytes.length - length < count) {
                    bytes = Arrays.copyOf(bytes, length + Math.max(length, count));
                }
                page.memory.get(0, bytes, length, count);
                length += count;
            }
            return new Text(new String(bytes, 0, length, StandardCharsets.UTF_8));
        } finally {
            Descriptors.close(fd);
        }
    }

    /**
     * The number behind the first line that begins so; empty if there is none, or no such file.
     *
     * @param key ASCII, such as {@code VmHWM:}
     */
    static OptionalLong number(String path, String key) {
        Page page = PAGE.get();
        int fd = page.open(path);
        if (fd == -1) {
            return OptionalLong.empty();
        }
        int length;
        try {
            length = page.read(fd, PIECE);
        } finally {
            Descriptors.close(fd);
        }
        int next;
        for (int line = 0; line < length; line = next) {
            next = afterLine(page.memory, line, length);
            boolean isWhole = next <= length || length < PIECE;
            if (isWhole && isAt(page.memory, line, length, key)) {
                return numberAt(page.memory, line + key.length(), length);
            }
        }
        // More than a page: somebody is in some hundred groups.
        return length == PIECE ? numberInAll(path, key) : OptionalLong.empty();
    }

    private static OptionalLong numberInAll(String path, String key) {
        if (read(path, MOST) instanceof Text content) {
            for (String line : content.text().lines().toList()) {
                if (line.startsWith(key)) {
                    String number = line.substring(key.length()).strip().split(" ", -1)[0];
                    return number.matches("[0-9]{1,18}")
                            ? OptionalLong.of(Long.parseLong(number))
                            : OptionalLong.empty();
                }
            }
        }
        return OptionalLong.empty();
    }

    private static int afterLine(ByteBuffer memory, int from, int end) {
        int at = from;
        while (at < end && memory.get(at) != '\n') {
            at++;
        }
        return at + 1;
    }

    private static boolean isAt(ByteBuffer memory, int from, int end, String key) {
        if (end - from < key.length()) {
            return false;
        }
        for (int i = 0; i < key.length(); i++) {
            if (memory.get(from + i) != key.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static OptionalLong numberAt(ByteBuffer memory, int from, int end) {
        int at = from;
        while (at < end && (memory.get(at) == ' ' || memory.get(at) == '\t')) {
            at++;
        }
        int first = at;
        long number = 0;
        for (; at < end && memory.get(at) >= '0' && memory.get(at) <= '9'; at++) {
            number = number * 10 + memory.get(at) - '0';
        }
        return at == first ? OptionalLong.empty() : OptionalLong.of(number);
    }

    private static Content failure(String call, int errno) {
        return Errno.ENOENT.is(errno) || Errno.ESRCH.is(errno)
                ? GONE
                : new Unreadable(new SystemCallException(call, errno));
    }
}
