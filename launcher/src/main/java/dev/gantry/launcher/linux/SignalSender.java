package dev.gantry.launcher.linux;

import dev.gantry.launcher.Signal;
import java.io.IOException;

/** Sends a signal to one process and to no other that got its number since. */
@FunctionalInterface
interface SignalSender {
    /**
     * Sends it.
     *
     * @return whether it was sent; false if the process is gone
     * @throws IOException if the system refuses, with call and errno
     */
    boolean send(ProcessId process, Signal signal) throws IOException;
}
