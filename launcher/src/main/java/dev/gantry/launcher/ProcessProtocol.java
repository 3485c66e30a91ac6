package dev.gantry.launcher;

import java.nio.ByteBuffer;

/**
 * What the starter of a process wants to hear about it. All callbacks come on the reactor's thread, one at a time, in the
 * order of events; one that throws is reported to {@link ReactorOptions#errorHandler()} and disturbs nothing else.
 *
 * <p>Order: {@link #connectionMade} first; data of a descriptor before its {@link #childConnectionLost}; {@link
 * #processExited} once, when the process was reaped, with no order against data (a pipe may still hold some, or be held
 * open by a grandchild); {@link #processEnded} exactly once, when the process was reaped and all descriptors are closed,
 * and nothing after it.
 *
 * <p>After Twisted's IProcessProtocol.
 */
public interface ProcessProtocol {
    /** The process was started. Comes before {@link Reactor#spawnProcess} returns and before any data. */
    default void connectionMade(ProcessTransport transport) {}

    /**
     * The child wrote to one of its descriptors.
     *
     * @param childFd the number in the child; 1 for what a pty shows
     * @param data read-only, at most 64 KiB, valid only during this call: copy what is to be kept
     */
    default void childDataReceived(int childFd, ByteBuffer data) {
        if (childFd == 1) {
            outReceived(data);
        } else if (childFd == 2) {
            errReceived(data);
        }
    }

    /** Data of descriptor 1, unless {@link #childDataReceived} is overridden. */
    default void outReceived(ByteBuffer data) {}

    /** Data of descriptor 2, unless {@link #childDataReceived} is overridden. */
    default void errReceived(ByteBuffer data) {}

    /** A descriptor is closed, by the child, by us or by an error: once for each piped descriptor, after its last data. */
    default void childConnectionLost(int childFd) {
        switch (childFd) {
            case 0 -> inConnectionLost();
            case 1 -> outConnectionLost();
            case 2 -> errConnectionLost();
            default -> {}
        }
    }

    /** Descriptor 0 is closed, unless {@link #childConnectionLost} is overridden. */
    default void inConnectionLost() {}

    /** Descriptor 1 is closed, unless {@link #childConnectionLost} is overridden. */
    default void outConnectionLost() {}

    /** Descriptor 2 is closed, unless {@link #childConnectionLost} is overridden. */
    default void errConnectionLost() {}

    /**
     * The process was reaped. Output may still come. Somebody else in this program may have been faster than the reactor, by waiting for
     * any child: where nobody can tell how it ended then, the reason is {@link ExitReason#unknown}.
     */
    default void processExited(ExitReason reason) {}

    /** The process was reaped and all its descriptors are closed: the last callback. */
    default void processEnded(ExitReason reason) {}
}
