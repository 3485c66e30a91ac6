package dev.gantry.adapter.session;

import java.util.EnumSet;
import java.util.Set;

/** Where a session is. Only forward, but for a launch that failed before anything ran. */
enum SessionState {
    /** Nothing but {@code initialize} makes sense. */
    NEW,
    /** Initialized; nothing launched. */
    INITIALIZED,
    /** A launch was found sound; waiting for {@code configurationDone}, or for a terminal to start it. */
    CONFIGURING,
    /** The target runs. */
    RUNNING,
    /** The target is being ended, or has ended. */
    FINISHING,
    /** The client is gone or was let go. */
    CLOSED;

    Set<SessionState> next() {
        return switch (this) {
            case NEW -> EnumSet.of(INITIALIZED, FINISHING, CLOSED);
            case INITIALIZED -> EnumSet.of(CONFIGURING, FINISHING, CLOSED);
            case CONFIGURING -> EnumSet.of(INITIALIZED, RUNNING, FINISHING, CLOSED);
            case RUNNING -> EnumSet.of(FINISHING, CLOSED);
            case FINISHING -> EnumSet.of(CLOSED);
            case CLOSED -> EnumSet.noneOf(SessionState.class);
        };
    }
}
