package dev.gantry.launcher.windows;

import com.sun.jna.platform.win32.WinBase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Handles that are closed together, when what they are for is done or has failed. Confined to one thread. */
final class Handles implements AutoCloseable {
    private final List<Long> open = new ArrayList<>();

    /** Security attributes of a handle that a child can inherit. */
    static WinBase.SECURITY_ATTRIBUTES inheritable() {
        WinBase.SECURITY_ATTRIBUTES attributes = new WinBase.SECURITY_ATTRIBUTES();
        attributes.bInheritHandle = true;
        return attributes;
    }

    /** Takes it over. */
    long add(long handle) {
        open.add(handle);
        return handle;
    }

    /** Whoever has it now closes it. */
    void giveAway(long handle) {
        open.remove(handle);
    }

    void closeAllBut(Collection<Long> kept) {
        List<Long> gone = new ArrayList<>(open);
        gone.removeAll(kept);
        gone.forEach(Kernel32::CloseHandle);
        open.removeAll(gone);
    }

    @Override
    public void close() {
        open.forEach(Kernel32::CloseHandle);
        open.clear();
    }
}
