package dev.gantry.launcher.linux;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * Reaps children and adopted orphans that outlive the reactor that waited for them: without it they would stay zombies until this JVM
 * ends. A daemon thread of its own, there only while there is somebody to wait for. Any thread may hand over; it closes what it was
 * given.
 */
final class LateReaper {
    private static final int POLLFD_BYTES = 8;
    private static final int EVENTS = 4;
    private static final int REVENTS = 6;
    private static final short POLLIN = 1;
    /** How long a newcomer may have to wait to be looked at, and no more than that. */
    private static final int ROUND_MILLIS = 500;

    /** Guarded by itself. The thread lives as long as this is not empty. */
    private static final List<Waiting> WAITING = new ArrayList<>();

    private LateReaper() {}

    /** Takes over a handle to an unreaped child. */
    static void take(PidFd child) {
        add(new Waiting(child, true));
    }

    /**
     * Takes over a handle to an adopted one, unless it is waited for already: each reactor that closes hands over all that live. In
     * case that java.lang.Process waits for it, it is given a moment to reap it first.
     */
    static void takeOrphan(PidFd orphan) {
        synchronized (WAITING) {
            if (WAITING.stream().noneMatch(waiting -> waiting.isStill(orphan.pid()))) {
                add(new Waiting(orphan, false));
                return;
            }
        }
        orphan.close();
    }

    private static void add(Waiting waiting) {
        synchronized (WAITING) {
            WAITING.add(waiting);
            if (WAITING.size() == 1) {
                Thread thread = new Thread(LateReaper::run, "gantry-late-reaper");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static void run() {
        while (true) {
            List<Waiting> all;
            synchronized (WAITING) {
                all = List.copyOf(WAITING);
            }
            awaitAny(all);
            List<Waiting> gone = all.stream().filter(Waiting::isGone).toList();
            synchronized (WAITING) {
                WAITING.removeAll(gone);
                if (WAITING.isEmpty()) {
                    return;
                }
            }
        }
    }

    /** Sets of each whether it has ended. */
    private static void awaitAny(List<Waiting> all) {
        // Freed by us alone: a buffer of java.nio might be freed while the call, which knows only its address, still
        // writes to it.
        try (Memory pollFds = new Memory((long) all.size() * POLLFD_BYTES)) {
            for (int i = 0; i < all.size(); i++) {
                Waiting waiting = all.get(i);
                // The kernel passes over negative ones.
                pollFds.setInt((long) i * POLLFD_BYTES, waiting.hasEnded ? -1 : waiting.process.fd());
                pollFds.setShort((long) i * POLLFD_BYTES + EVENTS, POLLIN);
                pollFds.setShort((long) i * POLLFD_BYTES + REVENTS, (short) 0);
            }
            if (Libc.poll(CStrings.address(pollFds), all.size(), ROUND_MILLIS) > 0) {
                for (int i = 0; i < all.size(); i++) {
                    all.get(i).polled(pollFds.getShort((long) i * POLLFD_BYTES + REVENTS) != 0);
                }
            }
        }
    }

    /** One that is waited for. Confined to the thread, but for its making and {@link #isStill}. */
    private static final class Waiting {
        private final PidFd process;
        private final boolean ours;
        private volatile boolean hasEnded;
        private long endedAt;

        Waiting(PidFd process, boolean ours) {
            this.process = process;
            this.ours = ours;
        }

        /** Whether it is this process, and has not ended, so that no other one has its number. */
        boolean isStill(long pid) {
            return !hasEnded && process.pid() == pid;
        }

        void polled(boolean ended) {
            if (ended && !hasEnded) {
                hasEnded = true;
                endedAt = System.nanoTime();
            }
        }

        boolean isGone() {
            if (!hasEnded || (!ours && System.nanoTime() - endedAt < OrphanReaper.ZOMBIE.toNanos())) {
                return false;
            }
            try {
                if (process.reap().isEmpty()) {
                    return false;
                }
            } catch (SystemCallException e) {
                // Reaped by somebody else: as good.
            }
            if (ours) {
                Lineages.reaped(process.pid());
            }
            process.close();
            return true;
        }
    }
}
