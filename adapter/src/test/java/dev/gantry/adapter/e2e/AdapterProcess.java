package dev.gantry.adapter.e2e;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.Expectation;
import dev.gantry.fixtures.Os;
import dev.gantry.fixtures.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The real adapter as a process, and a client on its standard streams.
 *
 * <p>Everything that it starts inherits a variable by which it is found again: {@link #close()} ends the adapter by SIGKILL if it has
 * not ended, and fails if a process of its is left a little later. Any thread may use it; closed by whoever started it.
 */
public final class AdapterProcess implements AutoCloseable {
    /** How long what the adapter leaves may take to go. */
    public static final Duration GONE_WITHIN = Duration.ofSeconds(2);

    private static final List<String> SERVICES =
            List.of("explorer", "conhost", "services", "winedevice", "plugplay", "svchost", "rpcss");

    private static final String MARK = "GANTRY_TEST_RUN";

    private final String mark = UUID.randomUUID().toString();
    private final Set<ProcessHandle> descendants = new LinkedHashSet<>();
    private final DapClient client;
    private final Process process;

    private AdapterProcess(AdapterCommand command, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command.words());
        builder.environment().put(MARK, mark);
        builder.environment().putAll(environment);
        try {
            client = DapClient.start(builder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = client.process().orElseThrow();
    }

    public static AdapterProcess start() {
        return start(AdapterCommand.dap());
    }

    static AdapterProcess start(AdapterCommand command) {
        return new AdapterProcess(command, Map.of());
    }

    static AdapterProcess start(Map<String, String> environment) {
        return new AdapterProcess(AdapterCommand.dap(), environment);
    }

    /** Started, and {@code initialize} answered; asked for exact bytes. */
    public static AdapterProcess initialized() {
        AdapterProcess adapter = start();
        adapter.initialize();
        return adapter;
    }

    /** With a target that was launched and runs, or has run. */
    public static AdapterProcess running(JsonObject launch) {
        AdapterProcess adapter = initialized();
        adapter.launch(launch);
        return adapter;
    }

    public Entry initialize() {
        return client.ask(
                "initialize", Json.object("clientID", "gantry-test", "adapterID", "gantry", "gantryRawOutput", true));
    }

    /** Launches, which must work. */
    public Entry launch(JsonObject arguments) {
        Entry answer = client.launch(arguments);
        if (!answer.success()) {
            throw new AssertionError("launch failed: " + answer);
        }
        return client.awaitEvent("process");
    }

    public DapClient client() {
        return client;
    }

    public Timeline timeline() {
        return client.timeline();
    }

    public Process process() {
        return process;
    }

    long pid() {
        return process.pid();
    }

    /** The target that was started last. */
    public long targetPid() {
        List<Entry> started = timeline().all(Expectation.event("process"));
        return started.get(started.size() - 1).body().get("systemProcessId").getAsLong();
    }

    /** Sends the adapter a signal by name. */
    public void signal(String name) {
        Processes.signal(name, pid());
    }

    /** Waits for {@code terminated} of the whole session. */
    public AdapterProcess awaitTerminated() {
        client.awaitEvent("terminated");
        return this;
    }

    /** Waits for the adapter's end by itself, and returns its exit status. */
    public int awaitExit() {
        try {
            if (!process.waitFor(DapClient.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the adapter does not end; what happened:\n"
                        + timeline().story());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.awaitEnd();
        return process.exitValue();
    }

    /**
     * All live processes that it has started, directly or not; not itself. On Windows, where nobody's variables can be seen, those
     * that descended from it when it was last asked or closed.
     */
    public List<Long> offspring() {
        if (Os.isWindows()) {
            process.descendants().filter(AdapterProcess::isNoService).forEach(descendants::add);
            return descendants.stream()
                    .filter(ProcessHandle::isAlive)
                    .map(ProcessHandle::pid)
                    .toList();
        }
        return Processes.withVariable(MARK, mark).stream()
                .filter(pid -> pid != process.pid())
                .toList();
    }

    /**
     * Wine starts the host of the desktop for the first program that asks for windows, and that of its console; its services are older than any
     * program, but a parent of theirs that has ended may have had the number that the adapter has now.
     */
    private static boolean isNoService(ProcessHandle process) {
        String command = process.info().command().orElse("").toLowerCase(Locale.ROOT);
        return SERVICES.stream().noneMatch(name -> command.endsWith("\\" + name + ".exe"));
    }

    /** Fails if something that it started is alive after the deadline, and ends that. */
    public void assertNothingLeft(Duration deadline) {
        try {
            Processes.within(deadline).until(() -> offspring().isEmpty());
        } catch (ConditionTimeoutException stillThere) {
            List<Long> left = offspring();
            List<String> described = left.stream().map(Processes::describe).toList();
            left.forEach(pid -> Processes.signal("KILL", pid));
            if (!left.isEmpty()) {
                throw new AssertionError("left after " + deadline.toMillis() + " ms: " + described, stillThere);
            }
        }
    }

    @Override
    public void close() {
        offspring();
        client.close();
        assertNothingLeft(GONE_WITHIN);
    }
}
