package dev.gantry.launcher.windows;

import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** The console calls of kernel32. One thread at a time. */
final class SystemConsole implements ConsoleCalls {
    private static final int ROOM = 64;
    private static final int HANDLED = 1;
    private static final int NOT_OURS = 0;
    /** An event reaches our handler within milliseconds; one that comes later is a user's. */
    private static final long SHIELD_NANOS = 2_000_000_000L;

    /** Never unregistered: an event that is on its way would meet the default handler, which ends us. */
    private final Kernel32.ConsoleHandler handler = this::handle;

    private volatile long shieldedSince;
    private volatile boolean shielded;

    SystemConsole() {
        Native.setCallbackThreadInitializer(handler, new CallbackThreadInitializer(true, true, "windows-console"));
    }

    private int handle(int event) {
        boolean ours = (event == CTRL_C || event == CTRL_BREAK)
                && shielded
                && System.nanoTime() - shieldedSince < SHIELD_NANOS;
        return ours ? HANDLED : NOT_OURS;
    }

    @Override
    public List<Integer> processes() {
        try (Memory pids = new Memory(4L * ROOM)) {
            int count = Kernel32.GetConsoleProcessList(Pointer.nativeValue(pids), ROOM);
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < Math.min(count, ROOM); i++) {
                all.add(pids.getInt(4L * i));
            }
            return all;
        }
    }

    @Override
    public void free() {
        long[] handles = standardHandles();
        Kernel32.FreeConsole();
        restore(handles);
    }

    /** Of who was started without handles of his own, the system puts the console's in their place: ours are a protocol's. */
    private static long[] standardHandles() {
        long[] handles = new long[3];
        for (int i = 0; i < handles.length; i++) {
            handles[i] = Kernel32.GetStdHandle(StandardHandles.STD_INPUT - i);
        }
        return handles;
    }

    private static void restore(long[] handles) {
        for (int i = 0; i < handles.length; i++) {
            Kernel32.SetStdHandle(StandardHandles.STD_INPUT - i, handles[i]);
        }
    }

    @Override
    public boolean attach(int pid) throws SystemCallException {
        long[] handles = standardHandles();
        int done = Kernel32.AttachConsole(pid);
        int code = Kernel32.lastError();
        restore(handles);
        if (done != 0) {
            return true;
        }
        if (code == WindowsError.INVALID_HANDLE
                || code == WindowsError.GEN_FAILURE
                || code == WindowsError.INVALID_PARAMETER) {
            return false;
        }
        throw new SystemCallException("AttachConsole(" + pid + ")", code);
    }

    @Override
    public void shield() {
        shieldedSince = System.nanoTime();
        shielded = true;
        // The last one registered is asked first; joining a console may have emptied the list.
        Kernel32.SetConsoleCtrlHandler(handler, 0);
        Kernel32.SetConsoleCtrlHandler(handler, 1);
    }

    @Override
    public void generate(int event) throws SystemCallException {
        SystemCallException.check(
                Kernel32.GenerateConsoleCtrlEvent(event, 0),
                () -> "GenerateConsoleCtrlEvent(" + (event == CTRL_C ? "CTRL_C_EVENT" : "CTRL_BREAK_EVENT") + ", 0)");
    }
}
