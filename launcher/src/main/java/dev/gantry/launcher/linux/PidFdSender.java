package dev.gantry.launcher.linux;

import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.Signal;
import java.io.IOException;

/** Sends by a handle that is opened first and compared with the start time then: the number cannot change hands in between. */
final class PidFdSender implements SignalSender {
    private final ProcFs proc;

    PidFdSender(ProcFs proc) {
        this.proc = proc;
    }

    @Override
    public boolean send(ProcessId process, Signal signal) throws IOException {
        try (PidFd handle = open(process)) {
            Sight sight = proc.sight(process.pid());
            if (sight instanceof Sight.Unclear unclear) {
                throw unclear.why();
            }
            if (sight.provesGone(process)
                    || (sight instanceof Sight.Found found && found.stat().isDead())) {
                return false;
            }
            handle.signal(signal.number());
            return true;
        } catch (ProcessExitedAlreadyException gone) {
            return false;
        }
    }

    private static PidFd open(ProcessId process) throws IOException {
        try {
            return PidFd.open(process.pid());
        } catch (SystemCallException e) {
            if (Errno.ESRCH.is(e.errno())) {
                throw new ProcessExitedAlreadyException("process " + process.pid() + " is gone");
            }
            throw e;
        }
    }
}
