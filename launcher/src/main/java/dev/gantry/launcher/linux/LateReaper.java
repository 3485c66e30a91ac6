package dev.gantry.launcher.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reaps children that outlive the reactor that started them: without it they would stay zombies until this JVM ends. A daemon
 * thread of its own, there only while there is somebody to wait for. Any thread may hand over; it closes what it was given.
 */
final class LateReaper {
    private static final int POLLFD_BYTES = 8;
    private static final short POLLIN = 1;
    /** How long a newcomer may have to wait to be looked at, and no more than that. */
    private static final int ROUND_MILLIS = 500;

    /** Guarded by itself. The thread lives as long as this is not empty. */
    private static final List<PidFd> WAITING = new ArrayList<>();

    private LateReaper() {}

    /** Takes over a handle to an unreaped child. */
    static void take(PidFd child) {
        synchronized (WAITING) {
            WAITING.add(child);
            if (WAITING.size() == 1) {
                Thread thread = new Thread(LateReaper::run, "gantry-late-reaper");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static void run() {
        while (true) {
            List<PidFd> children;
            synchronized (WAITING) {
                children = List.copyOf(WAITING);
            }
            awaitAny(children);
            List<PidFd> gone = children.stream().filter(LateReaper::isGone).toList();
            synchronized (WAITING) {
                WAITING.removeAll(gone);
                if (WAITING.isEmpty()) {
                    return;
                }
            }
        }
    }

    private static void awaitAny(List<PidFd> children) {
        ByteBuffer pollFds =
                ByteBuffer.allocateDirect(children.size() * POLLFD_BYTES).order(ByteOrder.nativeOrder());
        for (int i = 0; i < children.size(); i++) {
            pollFds.putInt(i * POLLFD_BYTES, children.get(i).fd()).putShort(i * POLLFD_BYTES + 4, POLLIN);
        }
        Libc.poll(Libc.address(pollFds), children.size(), ROUND_MILLIS);
    }

    private static boolean isGone(PidFd child) {
        try {
            if (child.reap().isEmpty()) {
                return false;
            }
        } catch (SystemCallException e) {
            // Reaped by somebody else: as good.
        }
        child.close();
        return true;
    }
}
