package dev.gantry.launcher;

import java.util.Locale;
import java.util.Optional;

/**
 * The POSIX signals, with Linux's numbers (signal(7); the same on x86-64 and aarch64). {@link #KILL}, {@link #TERM} and {@link
 * #INT} exist on every platform.
 */
public enum Signal {
    HUP(1, "hangup"),
    INT(2, "interrupt"),
    QUIT(3, "quit"),
    ILL(4, "illegal instruction"),
    TRAP(5, "trap"),
    ABRT(6, "abort"),
    BUS(7, "bus error"),
    FPE(8, "arithmetic error"),
    KILL(9, "kill"),
    USR1(10, "user signal 1"),
    SEGV(11, "invalid memory access"),
    USR2(12, "user signal 2"),
    PIPE(13, "broken pipe"),
    ALRM(14, "alarm"),
    TERM(15, "termination"),
    STKFLT(16, "stack fault"),
    CHLD(17, "child ended"),
    CONT(18, "continue"),
    STOP(19, "stop"),
    TSTP(20, "terminal stop"),
    TTIN(21, "terminal input"),
    TTOU(22, "terminal output"),
    URG(23, "urgent data"),
    XCPU(24, "CPU time limit"),
    XFSZ(25, "file size limit"),
    VTALRM(26, "virtual alarm"),
    PROF(27, "profiling alarm"),
    WINCH(28, "window size"),
    IO(29, "input or output possible"),
    PWR(30, "power failure"),
    SYS(31, "bad system call");

    private static final Signal[] VALUES = values();

    private final int number;
    private final String meaning;

    Signal(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** A few words: "invalid memory access". */
    public String meaning() {
        return meaning;
    }

    /** "SIGTERM". */
    public String sigName() {
        return "SIG" + name();
    }

    public static Optional<Signal> numbered(int number) {
        return number >= 1 && number <= VALUES.length ? Optional.of(VALUES[number - 1]) : Optional.empty();
    }

    /**
     * "TERM", "SIGTERM", "sigterm".
     *
     * @throws IllegalArgumentException if there is no such signal, listing those there are
     */
    public static Signal named(String name) {
        String upper = name.strip().toUpperCase(Locale.ROOT);
        String bare = upper.startsWith("SIG") ? upper.substring(3) : upper;
        for (Signal signal : VALUES) {
            if (signal.name().equals(bare)) {
                return signal;
            }
        }
        throw new IllegalArgumentException(
                "no signal is named '" + name + "'; known are " + String.join(", ", names()));
    }

    private static String[] names() {
        String[] names = new String[VALUES.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = VALUES[i].name();
        }
        return names;
    }
}
