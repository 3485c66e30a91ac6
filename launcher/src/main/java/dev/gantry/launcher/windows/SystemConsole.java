package dev.gantry.launcher.windows;

import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The console calls of kernel32. One thread at a time, but for the handler. */
final class SystemConsole implements ConsoleCalls {
    private static final int FIRST_LIST = 64;
    private static final int HANDLED = 1;
    private static final int STANDARD_HANDLES = 3;
    private static final int STD_INPUT = -10;
    private static final int FILE_TYPE_CHAR = 2;
    /** What the C runtime calls them (signal.h). */
    private static final int SIGINT = 2;

    private static final int SIGTERM = 15;
    /** An event reaches all on the console within milliseconds; who has not heard it by now will not. */
    private static final long GIVEN_UP_NANOS = 5_000_000_000L;

    /** Of which the system has the address from the first registration on: never freed. */
    private final Kernel32.ConsoleHandler handler = this::handle;

    /** Our standard handles as joining the present console has left them; empty on that of our start. */
    private List<Long> joined = List.of();

    private volatile CountDownLatch heard = new CountDownLatch(0);
    private volatile long expectedSince;

    SystemConsole() {
        Native.setCallbackThreadInitializer(handler, new CallbackThreadInitializer(true, true, "windows-console"));
    }

    /** On a thread that the system makes for it. */
    private int handle(int event) {
        if (event != CTRL_C && event != CTRL_BREAK) {
            // The console is closed, or the session ends. The system ends us when this returns, or after some seconds.
            raise(SIGTERM);
            awaitEnd();
        } else if (heard.getCount() > 0) {
            heard.countDown();
        } else if (event == CTRL_C) {
            // The JVM's own handler, which would do this, was taken away with the console.
            raise(SIGINT);
        }
        return HANDLED;
    }

    /** As the JVM's console handler does: the C runtime calls what the JVM has registered there. */
    private static void raise(int signal) {
        Function.getFunction("ucrtbase", "raise").invokeInt(new Object[] {signal});
    }

    private static void awaitEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public List<Integer> processes() {
        int room = FIRST_LIST;
        while (true) {
            try (Memory pids = new Memory(4L * room)) {
                int count = Kernel32.GetConsoleProcessList(Pointer.nativeValue(pids), room);
                if (count <= room) {
                    List<Integer> all = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        all.add(pids.getInt(4L * i));
                    }
                    return all;
                }
                // With too little room, nothing was stored.
                room = count + FIRST_LIST;
            }
        }
    }

    @Override
    public void free() {
        // It closes what it finds there, as far as joining has put it there; what was put there since is ours.
        set(joined);
        Kernel32.FreeConsole();
        joined = List.of();
    }

    @Override
    public boolean attach(int pid) throws SystemCallException {
        if (Kernel32.AttachConsole(pid) != 0) {
            joined = standardHandles();
            return true;
        }
        int code = Kernel32.lastError();
        if (code == WindowsError.INVALID_HANDLE
                || code == WindowsError.GEN_FAILURE
                || code == WindowsError.INVALID_PARAMETER) {
            return false;
        }
        throw new SystemCallException("AttachConsole(" + pid + ")", code);
    }

    @Override
    public void expectEvent() {
        heard = new CountDownLatch(1);
        expectedSince = System.nanoTime();
        register();
    }

    @Override
    public void generate(int event) throws SystemCallException {
        SystemCallException.check(
                Kernel32.GenerateConsoleCtrlEvent(event, 0),
                () -> "GenerateConsoleCtrlEvent(" + (event == CTRL_C ? "CTRL_C_EVENT" : "CTRL_BREAK_EVENT") + ", 0)");
    }

    @Override
    public boolean hasHeard(Duration patience) {
        try {
            return heard.await(patience.toNanos(), TimeUnit.NANOSECONDS)
                    || System.nanoTime() - expectedSince > GIVEN_UP_NANOS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void expectNothing() {
        heard = new CountDownLatch(0);
        register();
    }

    /** The last one registered is asked first. Twice would be twice in the list, if that was not emptied. */
    private void register() {
        Kernel32.SetConsoleCtrlHandler(handler, 0);
        Kernel32.SetConsoleCtrlHandler(handler, 1);
    }

    @Override
    public List<Long> standardHandles() {
        List<Long> handles = new ArrayList<>();
        for (int i = 0; i < STANDARD_HANDLES; i++) {
            handles.add(Kernel32.GetStdHandle(STD_INPUT - i));
        }
        return handles;
    }

    @Override
    public void restoreHandles(List<Long> handles) {
        List<Long> restored = new ArrayList<>(standardHandles());
        for (int i = 0; i < STANDARD_HANDLES; i++) {
            // A console's own was closed with it, and joining one again has put a new one there.
            if (Kernel32.GetFileType(handles.get(i)) != FILE_TYPE_CHAR) {
                restored.set(i, handles.get(i));
            }
        }
        set(restored);
    }

    private static void set(List<Long> handles) {
        for (int i = 0; i < handles.size(); i++) {
            Kernel32.SetStdHandle(STD_INPUT - i, handles.get(i));
        }
    }
}
