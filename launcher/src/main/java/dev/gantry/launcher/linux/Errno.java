package dev.gantry.launcher.linux;

/** Error numbers of Linux (the same on x86-64 and aarch64), with names and a few words. */
enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such file or directory"),
    ESRCH(3, "no such process"),
    EINTR(4, "interrupted by a signal"),
    EIO(5, "input/output error"),
    ENXIO(6, "no such device, or nobody reads this FIFO"),
    E2BIG(7, "the argument list is too long"),
    ENOEXEC(8, "not in a format that can be run"),
    EBADF(9, "no such descriptor"),
    ECHILD(10, "no such child"),
    EAGAIN(11, "a limit is reached, or nothing is ready"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "permission denied"),
    EFAULT(14, "bad address"),
    EBUSY(16, "busy"),
    EEXIST(17, "the file exists"),
    ENODEV(19, "no such device"),
    ENOTDIR(20, "not a directory"),
    EISDIR(21, "is a directory"),
    EINVAL(22, "invalid argument"),
    ENFILE(23, "the system has too many files open"),
    EMFILE(24, "this process has too many files open"),
    ENOTTY(25, "not a terminal"),
    ETXTBSY(26, "the file is open for writing"),
    ENOSPC(28, "no space left"),
    EROFS(30, "read-only file system"),
    EPIPE(32, "nobody reads it"),
    ENAMETOOLONG(36, "the name is too long"),
    ENOSYS(38, "the kernel has no such call"),
    ELOOP(40, "too many symbolic links"),
    ELIBBAD(80, "a damaged shared library"),
    ECONNRESET(104, "connection reset"),
    EDQUOT(122, "disk quota exceeded");

    private static final Errno[] VALUES = values();

    private final int number;
    private final String meaning;

    Errno(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    boolean is(int errno) {
        return number == errno;
    }

    /** "ENOENT"; "errno 999" for one that is not listed here. */
    static String nameOf(int errno) {
        for (Errno known : VALUES) {
            if (known.number == errno) {
                return known.name();
            }
        }
        return "errno " + errno;
    }

    /** "ENOENT (2): no such file or directory". */
    static String describe(int errno) {
        for (Errno known : VALUES) {
            if (known.number == errno) {
                return known.name() + " (" + errno + "): " + known.meaning;
            }
        }
        return "errno " + errno;
    }
}
