package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;

/**
 * Our own standard handles, for children to inherit. They are remembered as they were, since joining the console of another process,
 * as {@link Consoles} does, replaces what GetStdHandle tells by handles of that console, which are closed when it is left: their values may
 * then be those of anything. Handles of our own console are replaced in the same way when we are back, so these alone are asked for
 * anew. Owns nothing. Any thread.
 */
final class OwnHandles {
    /** STD_INPUT_HANDLE; the next two count down from it. */
    private static final int STD_INPUT = -10;

    private static final int SAME_ACCESS = 2;

    private final long[] remembered = new long[3];
    private final boolean[] ofConsole = new boolean[3];

    private OwnHandles() {
        for (int fd = 0; fd <= 2; fd++) {
            remembered[fd] = Kernel32.GetStdHandle(STD_INPUT - fd);
            ofConsole[fd] = isOfConsole(remembered[fd]);
        }
    }

    /** As they are now; before a console of others is joined. */
    static OwnHandles now() {
        return new OwnHandles();
    }

    private static boolean isOfConsole(long handle) {
        try (Memory mode = new Memory(4)) {
            return Kernel32.GetConsoleMode(handle, Pointer.nativeValue(mode)) != 0;
        }
    }

    /** A copy that can be inherited: ours may not be. Whoever asked closes it. */
    synchronized long copy(int childFd) throws SpawnException {
        long own = ofConsole[childFd] ? Kernel32.GetStdHandle(STD_INPUT - childFd) : remembered[childFd];
        // INVALID_HANDLE_VALUE means this very process as well: a copy of it would let the child do anything with us.
        if (own == 0 || own == Kernel32.INVALID_HANDLE_VALUE) {
            throw refused(childFd, "we were started without one", WindowsError.INVALID_HANDLE);
        }
        if (ofConsole[childFd] && !isOfConsole(own)) {
            throw refused(childFd, "our console is no more", WindowsError.INVALID_HANDLE);
        }
        long here = Kernel32.GetCurrentProcess();
        try (Memory copy = new Memory(8)) {
            if (Kernel32.DuplicateHandle(here, own, here, Pointer.nativeValue(copy), 0, 1, SAME_ACCESS) == 0) {
                throw refused(childFd, "it cannot be copied", Kernel32.lastError());
            }
            return copy.getLong(0);
        }
    }

    private static SpawnException refused(int childFd, String why, int code) {
        return new SpawnException(
                Step.DESCRIPTORS,
                "descriptor " + childFd,
                code,
                "our own descriptor " + childFd + " cannot be inherited: " + why + " [" + WindowsError.describe(code)
                        + "]");
    }

    /** From now on what asks for our standard output gets standard error; the old handle stays open for who has it. */
    synchronized void letOutputBeError() {
        Kernel32.SetStdHandle(STD_INPUT - 1, Kernel32.GetStdHandle(STD_INPUT - 2));
        remembered[1] = remembered[2];
        ofConsole[1] = ofConsole[2];
    }
}
