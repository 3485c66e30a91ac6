package dev.gantry.launcher.windows;

import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.User32;
import com.sun.jna.platform.win32.WinDef.DWORD;
import com.sun.jna.platform.win32.WinDef.HWND;
import com.sun.jna.platform.win32.WinUser;
import com.sun.jna.ptr.IntByReference;
import java.util.ArrayList;
import java.util.List;

/** The top-level windows of other processes, and the polite request to close. Stateless; any thread. */
final class Windows {
    private static final DWORD OWNER = new DWORD(WinUser.GW_OWNER);

    private Windows() {}

    /**
     * Asks all windows of a process to close, as a click on their cross does; those that belong to another window are left to it.
     *
     * @param visibleOnly leaves out those that nobody sees
     * @return how many were asked
     */
    static int askToClose(int pid, boolean visibleOnly) {
        List<HWND> own = new ArrayList<>();
        User32 user32 = User32.INSTANCE;
        user32.EnumWindows(
                (window, unused) -> {
                    IntByReference owner = new IntByReference();
                    user32.GetWindowThreadProcessId(window, owner);
                    if (owner.getValue() == pid
                            && user32.GetWindow(window, OWNER) == null
                            && (!visibleOnly || user32.IsWindowVisible(window))) {
                        own.add(window);
                    }
                    return true;
                },
                Pointer.NULL);
        for (HWND window : own) {
            user32.PostMessage(window, WinUser.WM_CLOSE, null, null);
        }
        return own.size();
    }
}
