package dev.gantry.launcher.linux;

import static dev.gantry.launcher.linux.SystemCallException.check;

import dev.gantry.launcher.engine.CallbackRunner;
import dev.gantry.launcher.engine.Poller;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The poller of this platform: epoll, level-triggered, and an eventfd to wake it up. Confined to the loop's thread but for {@link
 * #wakeUp}; closed by the loop.
 */
final class Epoll implements Poller {
    static final int IN = 0x001;
    static final int OUT = 0x004;
    static final int ERR = 0x008;
    static final int HUP = 0x010;

    private static final int CTL_ADD = 1;
    private static final int CTL_DEL = 2;
    private static final int CTL_MOD = 3;
    private static final int MAX_EVENTS = 256;
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** The kernel packs the struct on x86-64 only. */
    private static final boolean PACKED = System.getProperty("os.arch").equals("amd64");

    private static final int EVENT_BYTES = PACKED ? 12 : 16;
    private static final int DATA_OFFSET = PACKED ? 4 : 8;
    /** The token of the eventfd; watches count up from 1. */
    private static final long WAKE_UP = 0;

    private final int epoll;
    private final int eventFd;
    private final ByteBuffer events = direct(MAX_EVENTS * EVENT_BYTES);
    private final ByteBuffer change = direct(EVENT_BYTES);
    private final ByteBuffer counter = direct(8);
    /** Always 1: what a wake-up adds, from any thread. */
    private final ByteBuffer one = direct(8).putLong(0, 1);

    private final long oneAddress = Libc.address(one);
    private final long eventsAddress = Libc.address(events);
    /** By token, not by descriptor: an event that waits for a closed descriptor must not reach the one that got its number. */
    private final Map<Long, Watch> watches = new HashMap<>();

    private @Nullable CallbackRunner callbacks;
    private long lastToken = WAKE_UP;
    /** Guards the eventfd's number against being used after it is closed. */
    private final Object wakeUpLock = new Object();

    private boolean closed;

    Epoll() throws SystemCallException {
        epoll = check(Libc.epoll_create1(Libc.O_CLOEXEC), () -> "epoll_create1(EPOLL_CLOEXEC)");
        int made = Libc.eventfd(0, Libc.O_CLOEXEC | Libc.O_NONBLOCK);
        if (made == -1) {
            int errno = Libc.errno();
            Descriptors.close(epoll);
            throw new SystemCallException("eventfd(0, EFD_CLOEXEC|EFD_NONBLOCK)", errno);
        }
        eventFd = made;
        try {
            control(CTL_ADD, eventFd, IN, WAKE_UP);
        } catch (SystemCallException e) {
            close();
            throw e;
        }
    }

    /** Who isolates the handlers' errors; before the loop starts. */
    void reportTo(CallbackRunner runner) {
        callbacks = runner;
    }

    /**
     * Registers a descriptor, with nothing wanted yet.
     *
     * @param handler gets the events' bits
     */
    Watch watch(int fd, String name, IntConsumer handler) {
        Watch watch = new Watch(fd, ++lastToken, name, handler);
        watches.put(watch.token, watch);
        return watch;
    }

    @Override
    public void poll(long timeoutNanos) {
        int count = Libc.epoll_wait(epoll, eventsAddress, MAX_EVENTS, millis(timeoutNanos));
        if (count == -1) {
            int errno = Libc.errno();
            if (Errno.EINTR.is(errno)) {
                return;
            }
            throw new IllegalStateException("epoll_wait(" + epoll + "): " + Errno.describe(errno));
        }
        for (int i = 0; i < count; i++) {
            int at = i * EVENT_BYTES;
            dispatch(events.getInt(at), events.getLong(at + DATA_OFFSET));
        }
    }

    private void dispatch(int bits, long token) {
        if (token == WAKE_UP) {
            Libc.read(eventFd, Libc.address(counter), 8);
            return;
        }
        Watch watch = watches.get(token);
        CallbackRunner runner = callbacks;
        if (watch != null && runner != null) {
            watch.bits = bits;
            runner.guarded(watch.name, watch);
        }
    }

    @Override
    public void wakeUp() {
        synchronized (wakeUpLock) {
            if (!closed) {
                Libc.write(eventFd, oneAddress, 8);
            }
        }
    }

    @Override
    public void close() {
        synchronized (wakeUpLock) {
            if (!closed) {
                closed = true;
                Descriptors.close(eventFd);
                Descriptors.close(epoll);
            }
        }
    }

    private void control(int operation, int fd, int mask, long token) throws SystemCallException {
        change.putInt(0, mask).putLong(DATA_OFFSET, token);
        check(
                Libc.epoll_ctl(epoll, operation, fd, Libc.address(change)),
                () -> "epoll_ctl(" + epoll + ", op " + operation + ", fd " + fd + ", 0x" + Integer.toHexString(mask)
                        + ")");
    }

    /** Rounded up: a timer that is due in half a millisecond must not make the loop spin until then. */
    private static int millis(long nanos) {
        return nanos == FOREVER
                ? -1
                : (int) Math.min(Integer.MAX_VALUE, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** The interest in one descriptor, which it does not own: {@link #cancel} before the descriptor is closed. */
    final class Watch implements Runnable {
        private final int fd;
        private final long token;
        private final String name;
        private final IntConsumer handler;
        private boolean registered;
        private int mask;
        /** What has happened, while it is being told. */
        private int bits;

        private Watch(int fd, long token, String name, IntConsumer handler) {
            this.fd = fd;
            this.token = token;
            this.name = name;
            this.handler = handler;
        }

        /**
         * Wants these events; errors and hang-ups come with any, even with none.
         *
         * @throws IllegalStateException if the kernel refuses (it is out of memory or watches)
         */
        void want(int newMask) {
            if (!registered || mask != newMask) {
                change(registered ? CTL_MOD : CTL_ADD, newMask);
                registered = true;
                mask = newMask;
            }
        }

        /** Wants nothing, not even errors: a hung-up descriptor that nobody reads would be reported for ever. */
        void wantNothing() {
            if (registered) {
                registered = false;
                change(CTL_DEL, 0);
            }
        }

        /** Ends the watch; no event comes any more. Idempotent. */
        void cancel() {
            if (watches.remove(token) != null) {
                wantNothing();
            }
        }

        /** Tells what has happened; for the poller. */
        @Override
        public void run() {
            handler.accept(bits);
        }

        private void change(int operation, int newMask) {
            try {
                control(operation, fd, newMask, token);
            } catch (SystemCallException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }
}
