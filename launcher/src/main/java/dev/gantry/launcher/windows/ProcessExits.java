package dev.gantry.launcher.windows;

import com.sun.jna.CallbackThreadInitializer;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * Has the system's thread pool wait for processes, some sixty by one thread, and bring each end to the completion port. Confined to
 * the reactor's thread, but for the callback.
 */
final class ProcessExits {
    private static final int ONLY_ONCE = 0x00000008;
    /** WT_EXECUTEINWAITTHREAD: what the callback does takes no time. */
    private static final int IN_WAIT_THREAD = 0x00000004;

    private final CompletionPort port;
    /** Held as long as anything is waited for: the system has its address. */
    private final Kernel32.WaitCallback callback = this::ended;

    ProcessExits(CompletionPort port) {
        this.port = port;
        Native.setCallbackThreadInitializer(callback, new CallbackThreadInitializer(true, false, "windows-wait"));
    }

    /** One wait; cancelled by whoever made it, before the process's handle is closed. */
    final class Wait {
        private final long key;
        private long registration;

        private Wait(long key, long registration) {
            this.key = key;
            this.registration = registration;
        }

        /** The handler is not called any more. Idempotent. */
        void cancel() {
            if (registration != 0) {
                port.forget(key);
                // INVALID_HANDLE_VALUE: returns when no callback runs any more; one takes microseconds.
                Kernel32.UnregisterWaitEx(registration, Kernel32.INVALID_HANDLE_VALUE);
                registration = 0;
            }
        }
    }

    /** Calls the handler, once, on the reactor's thread, when the process has ended. */
    Wait await(long process, Runnable handler) throws SystemCallException {
        long key = port.watch(message -> handler.run());
        try (Memory registration = new Memory(8)) {
            if (Kernel32.RegisterWaitForSingleObject(
                            Pointer.nativeValue(registration),
                            process,
                            callback,
                            key,
                            Kernel32.INFINITE,
                            ONLY_ONCE | IN_WAIT_THREAD)
                    == 0) {
                port.forget(key);
                throw SystemCallException.last("RegisterWaitForSingleObject");
            }
            return new Wait(key, registration.getLong(0));
        }
    }

    private void ended(Pointer key, byte timedOut) {
        port.post(Pointer.nativeValue(key));
    }
}
