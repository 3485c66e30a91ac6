package dev.gantry.launcher.linux;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/**
 * What kind of file a program is, told by its beginning. For programs that a shell starts: what the kernel refuses, a shell reads as a
 * script, binaries too. Where the kernel may know more formats than its own (binfmt_misc), only what cannot be of any is judged.
 */
final class ProgramFormat {
    /** As much as the kernel reads. */
    static final int HEAD_BYTES = 256;

    private static final byte[] ELF = {0x7F, 'E', 'L', 'F'};
    private static final int CLASS_AT = 4;
    private static final int ORDER_AT = 5;
    private static final int MACHINE_AT = 18;
    private static final int LEAST_ELF_BYTES = 52;

    /** Numbers of machines whose programs others run as well: i386 on x86-64, ARM on AArch64. */
    private static final Set<Integer> THIRTY_TWO_BITS = Set.of(3, 40);

    private static final Path HANDLERS = Path.of("/proc/sys/fs/binfmt_misc");

    private ProgramFormat() {}

    /**
     * Whether this surely cannot be run, nor read by a shell.
     *
     * @param head the file's beginning; empty if it cannot be read, and then nothing is known
     */
    static boolean isNone(byte[] head) {
        return isNone(head, Descriptors.beginning("/proc/self/exe", HEAD_BYTES), mayHaveMore());
    }

    /**
     * As {@link #isNone(byte[])}.
     *
     * @param ours the beginning of a program of this machine
     * @param more whether the kernel may run other formats than its own
     */
    static boolean isNone(byte[] head, byte[] ours, boolean more) {
        if (startsWith(head, ELF)) {
            return !isElf(head) || (!more && !isOfMachine(head, ours));
        }
        return !more && isBinary(head);
    }

    /** A first line with a NUL is none of a script; bash(1) has the same rule. */
    private static boolean isBinary(byte[] head) {
        for (byte b : head) {
            if (b == 0 || b == '\n') {
                return b == 0 && !startsWith(head, "#!".getBytes(StandardCharsets.US_ASCII));
            }
        }
        return false;
    }

    private static boolean isElf(byte[] head) {
        return head.length >= LEAST_ELF_BYTES && isOneOrTwo(head[CLASS_AT]) && isOneOrTwo(head[ORDER_AT]);
    }

    private static boolean isOneOrTwo(byte b) {
        return b == 1 || b == 2;
    }

    private static boolean isOfMachine(byte[] head, byte[] ours) {
        return !startsWith(ours, ELF)
                || (head[ORDER_AT] == ours[ORDER_AT]
                        && (machine(head) == machine(ours) || THIRTY_TWO_BITS.contains(machine(head))));
    }

    private static int machine(byte[] head) {
        int first = head[MACHINE_AT] & 0xFF;
        int second = head[MACHINE_AT + 1] & 0xFF;
        return head[ORDER_AT] == 1 ? first | second << 8 : first << 8 | second;
    }

    private static boolean startsWith(byte[] head, byte[] start) {
        return head.length >= start.length && Arrays.equals(head, 0, start.length, start, 0, start.length);
    }

    /** In a container they are in force and not to be seen. */
    private static boolean mayHaveMore() {
        String[] names = HANDLERS.toFile().list();
        if (names != null && Files.exists(HANDLERS.resolve("status"))) {
            // Beside "status" and "register".
            return names.length > 2;
        }
        byte[] known = Descriptors.beginning("/proc/filesystems", 1 << 16);
        return known.length == 0 || new String(known, StandardCharsets.US_ASCII).contains("binfmt_misc");
    }
}
