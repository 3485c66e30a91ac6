package dev.gantry.launcher.windows;

import dev.gantry.launcher.engine.ChildChannel;

/** What our ends of both kinds of pipe have in common: a handle that is owned, and closed once. Confined to the loop's thread. */
abstract class PipeChannel implements ChildChannel {
    private final int childFd;
    private final long pipe;
    private final String name;
    private final Listener listener;
    private boolean open = true;

    PipeChannel(int childFd, long pipe, String processName, Listener listener) {
        this.childFd = childFd;
        this.pipe = pipe;
        this.name = "descriptor " + childFd + " of " + processName;
        this.listener = listener;
    }

    final long pipe() {
        return pipe;
    }

    final String name() {
        return name;
    }

    final Listener listener() {
        return listener;
    }

    /** Right before the handle is closed; once. */
    void releasing() {}

    @Override
    public final int childFd() {
        return childFd;
    }

    @Override
    public final boolean isOpen() {
        return open;
    }

    @Override
    public final void abort(String why) {
        if (release()) {
            listener.lost(this, why);
        }
    }

    @Override
    public final boolean release() {
        if (!open) {
            return false;
        }
        open = false;
        releasing();
        Kernel32.CloseHandle(pipe);
        return true;
    }
}
