package dev.gantry.launcher.linux;

import static org.awaitility.Awaitility.await;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A launch prepared on a reactor, and what its protocol heard. Asked by the test's thread, called on the reactor's. */
final class TestLaunch implements ProcessProtocol {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Reactor reactor;
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<SpawnException> failures = new CopyOnWriteArrayList<>();
    private final List<ProcessId> processes = new CopyOnWriteArrayList<>();
    private final CompletableFuture<ProcessTransport> transport = new CompletableFuture<>();
    private final CompletableFuture<ExitReason> reason = new CompletableFuture<>();
    private final TerminalLaunch launch;

    private TestLaunch(Reactor reactor, SpawnRequest request) throws IOException {
        this.reactor = reactor;
        this.launch = reactor.prepareTerminalLaunch(this, request);
    }

    static TestLaunch prepare(Reactor reactor, SpawnRequest request) throws IOException {
        return new TestLaunch(reactor, request);
    }

    /** Registers for a failure. */
    void listen() throws Exception {
        reactor.call(() -> {
            launch().whenFailed(failures::add);
            return true;
        });
    }

    TerminalLaunch launch() {
        return launch;
    }

    /** What is typed to start it. */
    String commandLine() {
        return String.join(" ", launch().command());
    }

    Path directory() {
        return Path.of(launch().command().get(1)).resolve("..").normalize();
    }

    List<String> heard() {
        return heard;
    }

    List<SpawnException> failures() {
        return failures;
    }

    /** Those that {@link #tree} has shown, and the program. */
    List<ProcessId> processes() {
        return processes;
    }

    boolean isMade() {
        return transport.isDone();
    }

    void awaitMade() {
        await().atMost(SOON).until(this::isMade);
    }

    ExitReason awaitEnded() {
        await().atMost(SOON).until(() -> heard.contains("ended"));
        return reason.join();
    }

    SpawnException awaitFailure() {
        await().atMost(SOON).until(() -> !failures.isEmpty());
        return failures.get(0);
    }

    List<ProcessId> tree() throws Exception {
        awaitMade();
        List<ProcessId> ids = get(ProcessTransport::tree).stream()
                .map(info -> new ProcessId(info.pid(), info.startTime()))
                .toList();
        processes.addAll(ids);
        return ids;
    }

    /** Something done on the reactor's thread. */
    interface Act {
        void on(ProcessTransport transport) throws Exception;
    }

    void call(Act act) throws Exception {
        awaitMade();
        reactor.call(() -> {
            act.on(transport.join());
            return true;
        });
    }

    <T> T get(Function<ProcessTransport, T> question) throws Exception {
        awaitMade();
        return reactor.call(() -> question.apply(transport.join()));
    }

    @Override
    public void connectionMade(ProcessTransport made) {
        ProcFs.system().identity(made.pid()).ifPresent(processes::add);
        transport.complete(made);
        heard.add("made");
    }

    @Override
    public void processExited(ExitReason exitReason) {
        reason.complete(exitReason);
        heard.add("exited");
    }

    @Override
    public void processEnded(ExitReason exitReason) {
        heard.add(exitReason.equals(reason.getNow(exitReason)) ? "ended" : "ended with another reason: " + exitReason);
    }
}
