package dev.gantry.launcher.linux;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which children of this JVM somebody waits for, and whose descendants may arrive at it as orphans: of all its reactors, since the
 * kernel hands orphans to the process, and each reactor that is a subreaper sees them all. Any thread.
 */
final class Lineages {
    /** Children that a reactor or the {@link LateReaper} will reap. */
    private static final Set<Long> AWAITED = ConcurrentHashMap.newKeySet();

    /** Whoever may have descendants: started processes until their last descendant is gone, and strangers that came to us. */
    private static final Set<ProcessId> LIVING = ConcurrentHashMap.newKeySet();

    /** There were some whose descendants nobody has followed to the last one: orphans may be of those for ever. */
    private static volatile boolean someUnknown;

    private Lineages() {}

    static void awaited(long pid) {
        AWAITED.add(pid);
    }

    static void reaped(long pid) {
        AWAITED.remove(pid);
    }

    static boolean isAwaited(long pid) {
        return AWAITED.contains(pid);
    }

    static void begin(ProcessId head) {
        LIVING.add(head);
    }

    /** It is gone with all its descendants, and whoever of them came to us was seen before this. */
    static void end(ProcessId head) {
        LIVING.remove(head);
    }

    /** Nobody looks after it any more, and it may have descendants. */
    static void loseSight(ProcessId head) {
        if (LIVING.contains(head)) {
            someUnknown = true;
            LIVING.remove(head);
        }
    }

    /** Whether nobody but this one's descendants can arrive, as far as we know. */
    static boolean isOnly(ProcessId head) {
        return !someUnknown && LIVING.size() == 1 && LIVING.contains(head);
    }
}
