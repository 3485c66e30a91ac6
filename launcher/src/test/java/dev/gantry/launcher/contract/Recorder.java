package dev.gantry.launcher.contract;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;

/**
 * A protocol that writes down what it hears, in order. Called on the reactor's thread, asked by the test's: guarded by
 * itself. Data is kept, or only counted and summed if there is much of it.
 */
final class Recorder implements ProcessProtocol {
    static final Duration DEADLINE = Duration.ofSeconds(30);

    /** A callback; several data callbacks of one descriptor in a row are one event. */
    sealed interface Event {}

    record Made(long pid) implements Event {}

    record Data(int childFd) implements Event {}

    record Lost(int childFd) implements Event {}

    record Exited(ExitReason reason) implements Event {}

    record Ended(ExitReason reason) implements Event {}

    private final boolean keepsData;
    private final List<Event> events = new ArrayList<>();
    private final Map<Integer, ByteArrayOutputStream> data = new TreeMap<>();
    private final Map<Integer, CRC32> sums = new TreeMap<>();
    private final Map<Integer, Long> counts = new TreeMap<>();

    private Recorder(boolean keepsData) {
        this.keepsData = keepsData;
    }

    static Recorder keeping() {
        return new Recorder(true);
    }

    static Recorder summing() {
        return new Recorder(false);
    }

    @Override
    public synchronized void connectionMade(ProcessTransport transport) {
        add(new Made(transport.pid()));
    }

    @Override
    public synchronized void childDataReceived(int childFd, ByteBuffer bytes) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        counts.merge(childFd, (long) piece.length, Long::sum);
        sums.computeIfAbsent(childFd, fd -> new CRC32()).update(piece);
        if (keepsData) {
            data.computeIfAbsent(childFd, fd -> new ByteArrayOutputStream()).writeBytes(piece);
        }
        add(new Data(childFd));
    }

    @Override
    public synchronized void childConnectionLost(int childFd) {
        add(new Lost(childFd));
    }

    @Override
    public synchronized void processExited(ExitReason reason) {
        add(new Exited(reason));
    }

    @Override
    public synchronized void processEnded(ExitReason reason) {
        add(new Ended(reason));
    }

    private void add(Event event) {
        if (!(event instanceof Data) || events.isEmpty() || !event.equals(events.get(events.size() - 1))) {
            events.add(event);
        }
        notifyAll();
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    synchronized byte[] bytes(int childFd) {
        ByteArrayOutputStream kept = data.get(childFd);
        return kept == null ? new byte[0] : kept.toByteArray();
    }

    String text(int childFd) {
        return new String(bytes(childFd), StandardCharsets.UTF_8);
    }

    synchronized long count(int childFd) {
        return counts.getOrDefault(childFd, 0L);
    }

    synchronized long sum(int childFd) {
        CRC32 sum = sums.get(childFd);
        return sum == null ? new CRC32().getValue() : sum.getValue();
    }

    boolean has(Class<? extends Event> kind) {
        return events().stream().anyMatch(kind::isInstance);
    }

    boolean lost(int childFd) {
        return events().contains(new Lost(childFd));
    }

    void awaitText(int childFd, String text) {
        await("'" + text + "' on descriptor " + childFd, () -> text(childFd).contains(text));
    }

    /** The whole first line of a descriptor, without its end. */
    String awaitLine(int childFd) {
        awaitText(childFd, "\n");
        return text(childFd).lines().findFirst().orElseThrow();
    }

    void awaitLost(int childFd) {
        await("the loss of descriptor " + childFd, () -> lost(childFd));
    }

    ExitReason awaitExited() {
        await("processExited", () -> has(Exited.class));
        return reason(Exited.class);
    }

    ExitReason awaitEnded() {
        await("processEnded", () -> has(Ended.class));
        return reason(Ended.class);
    }

    private ExitReason reason(Class<? extends Event> kind) {
        Event event = events().stream().filter(kind::isInstance).findFirst().orElseThrow();
        return event instanceof Exited exited ? exited.reason() : ((Ended) event).reason();
    }

    synchronized void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("no " + what + " within " + DEADLINE.toSeconds() + " s; heard " + events
                        + ", on descriptor 1 '" + shortened(text(1)) + "', on 2 '" + shortened(text(2)) + "'");
            }
            try {
                wait(left);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for " + what, interrupted);
            }
        }
    }

    private static String shortened(String text) {
        return text.length() <= 500 ? text : text.substring(0, 500) + "...";
    }
}
