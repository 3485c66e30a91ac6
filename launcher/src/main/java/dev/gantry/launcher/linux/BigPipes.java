package dev.gantry.launcher.linux;

/**
 * Makes the pipes of a flood big while few are so: it then takes fewer turns. What all pipes of a user hold together is limited (64 MiB
 * unless root has said otherwise), and who uses that up gets pipes of 8 KiB from then on, in all programs. Confined to the reactor's
 * thread.
 */
final class BigPipes {
    /** As much as a user may ask for. */
    static final int BYTES = 1 << 20;
    /** A quarter of what a user has. */
    static final int MOST = 16;

    private int open;

    /** Whether there is a place for another one. */
    boolean hasRoom() {
        return open < MOST;
    }

    /** Grows this pipe, if it may be; says whether {@link #closed} is to be called for it. */
    boolean grow(int fd) {
        if (!hasRoom() || !Descriptors.growPipe(fd, BYTES)) {
            return false;
        }
        open++;
        return true;
    }

    /** One that was grown is closed. */
    void closed() {
        open--;
    }
}
