package dev.gantry.launcher.portable;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.NoSuchChildFdException;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Producer;
import dev.gantry.launcher.ResourceUsage;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.WindowSize;
import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.ProcessLifecycle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One process of {@link ProcessBuilder}: a pump for each pipe, the JDK's own waiter for the exit, all of which post to the
 * loop. Confined to the loop's thread. Ends by itself when the process was reaped and its pipes are closed; {@link #letGo} by the
 * reactor's close.
 */
final class PortableTransport implements ProcessTransport {
    private final Process process;
    private final SpawnRequest request;
    private final EventLoop loop;
    private final Consumer<String> trace;
    private final ProcessLifecycle lifecycle;
    private final PosixSignals signals;
    private final StandardInput input;
    private final Map<Integer, OutputPump> outputs = new TreeMap<>();
    private final long startedAt = System.nanoTime();
    private OptionalLong exitedAt = OptionalLong.empty();

    private PortableTransport(
            Process process,
            FirstReader reader,
            SpawnRequest request,
            ProcessProtocol protocol,
            EventLoop loop,
            Consumer<String> trace,
            Consumer<PortableTransport> atEnd) {
        this.process = process;
        this.request = request;
        this.loop = loop;
        this.trace = trace;
        this.signals = new PosixSignals(process);
        String name = request.command().get(0) + " (" + process.pid() + ")";
        this.lifecycle = new ProcessLifecycle(protocol, loop, pipes(request), name, () -> atEnd.accept(this));
        this.input = isPipe(request, 0)
                ? StandardInput.pipe(process, loop, name, () -> lifecycle.connectionLost(0))
                : StandardInput.closed(loop, name);
        for (int childFd = 1; childFd <= 2; childFd++) {
            if (isPipe(request, childFd)) {
                outputs.put(childFd, new OutputPump(childFd, process, reader, loop, lifecycle));
            }
        }
    }

    static PortableTransport of(
            Process process,
            FirstReader reader,
            SpawnRequest request,
            ProcessProtocol protocol,
            EventLoop loop,
            Consumer<String> trace,
            Consumer<PortableTransport> atEnd) {
        return new PortableTransport(process, reader, request, protocol, loop, trace, atEnd);
    }

    /** The first output that is a pipe. */
    static OptionalInt firstOutput(SpawnRequest request) {
        return IntStream.rangeClosed(1, 2)
                .filter(childFd -> isPipe(request, childFd))
                .findFirst();
    }

    private static List<Integer> pipes(SpawnRequest request) {
        List<Integer> pipes = new ArrayList<>();
        for (int childFd = 0; childFd <= 2; childFd++) {
            if (isPipe(request, childFd)) {
                pipes.add(childFd);
            }
        }
        return pipes;
    }

    private static boolean isPipe(SpawnRequest request, int childFd) {
        ChildFd target = request.childFds().get(childFd);
        return childFd == 0 ? target instanceof ChildFd.Write : target instanceof ChildFd.Read;
    }

    /**
     * Tells the protocol of the start; events come with later turns of the loop.
     *
     * @throws OutOfMemoryError if the system gives no thread for a pump; then nothing was told, and is not later
     */
    void begin() {
        try {
            outputs.values().forEach(OutputPump::start);
        } catch (OutOfMemoryError noThread) {
            letGo();
            throw noThread;
        }
        lifecycle.connectionMade(this);
        // What the posted task throws is the loop's to report.
        CompletableFuture<Void> unused = process.onExit().thenAccept(exited -> post(() -> exited(exited.exitValue())));
    }

    private void post(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException reactorClosed) {
            // Nobody is left to tell.
        }
    }

    private void exited(int code) {
        exitedAt = OptionalLong.of(System.nanoTime());
        // ofCode: the JDK's 128 + n is the same for a signal and for an exit code, so no guess is made.
        lifecycle.exited(ExitReason.ofCode(code));
        input.abort();
    }

    /** The reactor closes: nothing is told any more. */
    void letGo() {
        lifecycle.detached();
        abort();
    }

    private void abort() {
        input.abort();
        outputs.values().forEach(OutputPump::close);
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public State state() {
        loop.assertInLoop();
        return lifecycle.state();
    }

    @Override
    public void write(ByteBuffer data) {
        loop.assertInLoop();
        input.buffer().write(data);
    }

    @Override
    public void writeToChild(int childFd, ByteBuffer data) {
        loop.assertInLoop();
        if (childFd != 0 || !isPipe(request, 0)) {
            throw new NoSuchChildFdException("descriptor " + childFd + " of " + this + " is not mapped for writing");
        }
        input.buffer().write(data);
    }

    @Override
    public void registerProducer(Producer producer, boolean streaming) {
        loop.assertInLoop();
        input.buffer().registerProducer(producer, streaming);
    }

    @Override
    public void unregisterProducer() {
        loop.assertInLoop();
        input.buffer().unregisterProducer();
    }

    @Override
    public void closeChildFd(int childFd) {
        loop.assertInLoop();
        if (childFd < 0 || childFd > 2 || !isPipe(request, childFd)) {
            throw new NoSuchChildFdException("descriptor " + childFd + " of " + this + " is no pipe");
        }
        closePipe(childFd);
    }

    private void closePipe(int childFd) {
        if (childFd == 0) {
            input.buffer().close();
        }
        Optional.ofNullable(outputs.get(childFd)).ifPresent(OutputPump::close);
    }

    @Override
    public void closeStdin() {
        loop.assertInLoop();
        closePipe(0);
    }

    @Override
    public void closeStdout() {
        loop.assertInLoop();
        closePipe(1);
    }

    @Override
    public void closeStderr() {
        loop.assertInLoop();
        closePipe(2);
    }

    @Override
    public void loseConnection() {
        loop.assertInLoop();
        for (int childFd = 0; childFd <= 2; childFd++) {
            closePipe(childFd);
        }
    }

    @Override
    public void abortConnection() {
        loop.assertInLoop();
        abort();
    }

    @Override
    public void pauseProducing() {
        loop.assertInLoop();
        outputs.values().forEach(OutputPump::pause);
    }

    @Override
    public void resumeProducing() {
        loop.assertInLoop();
        outputs.values().forEach(OutputPump::resume);
    }

    @Override
    public void stopProducing() {
        loseConnection();
    }

    @Override
    public long queuedBytes() {
        loop.assertInLoop();
        return input.queuedBytes();
    }

    @Override
    public void drainAvailable() {
        loop.assertInLoop();
        outputs.values().forEach(OutputPump::drain);
    }

    @Override
    public void signalProcess(Signal signal) throws IOException {
        loop.assertInLoop();
        if (lifecycle.exitReason().isPresent() || !process.isAlive()) {
            throw new ProcessExitedAlreadyException(this + " has exited");
        }
        trace.accept("signal " + signal.sigName() + " to " + this);
        signals.send(signal);
    }

    @Override
    public void signalProcess(int number) throws IOException {
        signalProcess(Signal.numbered(number)
                .orElseThrow(() -> new IllegalArgumentException("no signal has the number " + number)));
    }

    @Override
    public void signalGroup(Signal signal) {
        loop.assertInLoop();
        throw PortableBackend.lacks(Capability.PROCESS_GROUP, "signalling a group");
    }

    @Override
    public void signalTree(Signal signal) {
        loop.assertInLoop();
        throw PortableBackend.lacks(Capability.PROCESS_TREE, "signalling a tree");
    }

    @Override
    public void signalDescendant(long pid, Signal signal) {
        loop.assertInLoop();
        throw PortableBackend.lacks(Capability.ALL_SIGNALS, "signalling a single descendant");
    }

    @Override
    public List<ProcessInfo> tree() {
        loop.assertInLoop();
        throw PortableBackend.lacks(Capability.PROCESS_TREE, "listing descendants");
    }

    @Override
    public List<ProcessInfo> holdersOfPipes() {
        loop.assertInLoop();
        throw PortableBackend.lacks(Capability.PROCESS_TREE, "finding who holds a pipe");
    }

    @Override
    public void resize(WindowSize size) {
        loop.assertInLoop();
        throw PortableBackend.lacks(Capability.PTY, "a window size");
    }

    @Override
    public ResourceUsage usage() {
        loop.assertInLoop();
        long until = exitedAt.orElseGet(System::nanoTime);
        return new ResourceUsage(
                Duration.ofNanos(until - startedAt), Optional.empty(), Optional.empty(), OptionalLong.empty(), false);
    }

    @Override
    public Optional<ExitReason> exitReason() {
        loop.assertInLoop();
        return lifecycle.exitReason();
    }

    /** There is no guardian. */
    @Override
    public void release() {
        loop.assertInLoop();
    }

    @Override
    public Optional<Long> detach() {
        loop.assertInLoop();
        throw PortableBackend.lacks(Capability.DETACH, "letting a process live on");
    }

    @Override
    public String toString() {
        return String.join(" ", request.command()) + " (pid " + process.pid() + ", " + lifecycle.state() + ")";
    }
}
