package dev.gantry.adapter.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One run: initialize, launch, configurationDone, carry, end. {@link #run} reads the adapter's messages on the calling thread
 * until the end; the requests about the target may be made from any other.
 */
final class RunSession {
    private static final long PAUSE_WITHIN_SECONDS = 1;

    private final Conversation adapter;
    private final JsonObject launchArguments;
    private final RunOutput output;
    private final boolean json;
    private final Optional<RunDebugger> debugger;

    private volatile boolean launched;
    private volatile boolean stopping;
    private Runnable onStarted = () -> {}; // the reading thread's
    private boolean terminated; // the reading thread's
    private boolean over; // the reading thread's
    private RunOutcome outcome = new RunOutcome.NotStarted(); // the reading thread's

    /**
     * @param json whether the adapter's messages are shown instead of the output
     * @param debugger what it is asked to look at
     */
    RunSession(
            Conversation adapter,
            JsonObject launchArguments,
            RunOutput output,
            boolean json,
            Optional<RunDebugger> debugger) {
        this.adapter = adapter;
        this.launchArguments = launchArguments;
        this.output = output;
        this.json = json;
        this.debugger = debugger;
    }

    /**
     * @param whenStarted is called once, when the target runs, on this thread
     */
    RunOutcome run(Runnable whenStarted) {
        onStarted = whenStarted;
        RunOutcome result = converse();
        boolean nothingRan =
                result instanceof RunOutcome.NotStarted || (result instanceof RunOutcome.AdapterFailed && !launched);
        return stopping && nothingRan ? new RunOutcome.Interrupted() : result;
    }

    private RunOutcome converse() {
        try {
            adapter.request("initialize", clientCapabilities(), this::initialized);
            while (!over) {
                Optional<JsonObject> message = adapter.read();
                if (message.isEmpty()) {
                    return unlessEnded("it closed the connection before the program's end");
                }
                receive(message.get());
            }
            return outcome;
        } catch (RunOutput.ClosedException closed) {
            return new RunOutcome.OutputClosed();
        } catch (RunOutput.FailedException failed) {
            return new RunOutcome.OutputFailed(String.valueOf(failed.getMessage()));
        } catch (IOException broken) {
            return unlessEnded(String.valueOf(broken.getMessage()));
        }
    }

    /** Once all is told, it does not matter how the connection ends. */
    private RunOutcome unlessEnded(String trouble) {
        return terminated ? outcome : new RunOutcome.AdapterFailed(trouble);
    }

    /** Stops the target; the next time, kills it. Before it was started, ends the session. */
    void stopOrKill() {
        stopping = true;
        try {
            adapter.request(launched ? "terminate" : "disconnect", null, answer -> {});
        } catch (IOException gone) {
            output.note("the adapter is gone already");
        }
    }

    /** Tells the target's terminal our own one's size. */
    void resize(OwnTerminal.Size size) {
        tell("gantry/resize", size.toJson(), answer -> {});
    }

    /** Holds the target, and waits a moment until that is so; one that cannot be held goes on. */
    void pause() throws InterruptedException {
        debugger.ifPresent(debugging -> debugging.hold(true));
        CountDownLatch answered = new CountDownLatch(1);
        if (tell("pause", thread(), answer -> answered.countDown())) {
            answered.await(PAUSE_WITHIN_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** The end of {@link #pause}. */
    void resume() {
        debugger.ifPresent(debugging -> debugging.hold(false));
        tell("continue", thread(), answer -> {});
    }

    /** A request about the target, if there is one; whether it was sent. */
    private boolean tell(String command, JsonObject arguments, Consumer<JsonObject> onAnswer) {
        if (!launched) {
            return false;
        }
        try {
            adapter.request(command, arguments, onAnswer);
            return true;
        } catch (IOException gone) {
            return false; // The thread that reads sees that, and says it.
        }
    }

    private static JsonObject thread() {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("threadId", 1);
        return arguments;
    }

    private void receive(JsonObject message) throws IOException {
        if (json) {
            output.json(message);
        }
        switch (Fields.text(message, "type")) {
            case "response" -> adapter.answered(message);
            case "event" -> event(Fields.text(message, "event"), Fields.object(message, "body"));
            case "request" -> adapter.refuse(message);
            default -> throw new IOException("a message of no known type: " + message);
        }
    }

    private void event(String name, JsonObject body) throws IOException {
        switch (name) {
            case "initialized" -> {
                debugger.ifPresent(RunDebugger::configure);
                adapter.request("configurationDone", null, answer -> {});
            }
            case "stopped" -> debugger.ifPresent(debugging -> debugging.stopped(body));
            case "breakpoint" -> debugger.ifPresent(debugging -> debugging.changed(body));
            case "process" -> {
                if (!launched) {
                    launched = true;
                    onStarted.run();
                }
            }
            case "output" -> {
                if (!json) {
                    output.event(body);
                }
            }
            case "exited" -> {
                debugger.ifPresent(RunDebugger::ended);
                outcome = new RunOutcome.Exited(body.get("exitCode").getAsInt());
            }
            case "terminated" -> {
                terminated = true;
                adapter.request("disconnect", null, answer -> over = true);
            }
            default -> {}
        }
    }

    private void initialized(JsonObject answer) {
        if (refused(answer) || stopping) {
            over = true;
            return;
        }
        request("launch", launchArguments);
    }

    private void request(String command, JsonObject arguments) {
        try {
            adapter.request(command, arguments, this::launchAnswered);
        } catch (IOException gone) {
            outcome = new RunOutcome.AdapterFailed(String.valueOf(gone.getMessage()));
            over = true;
        }
    }

    private void launchAnswered(JsonObject answer) {
        if (refused(answer)) {
            over = true;
        }
    }

    /** Tells the reason of a failed request, even to those who asked for quiet; who stopped it knows the reason. */
    private boolean refused(JsonObject answer) {
        JsonElement success = answer.get("success");
        if (success != null && success.getAsBoolean()) {
            return false;
        }
        if (stopping) {
            return true;
        }
        output.note(Fields.failure(answer));
        return true;
    }

    private static JsonObject clientCapabilities() {
        JsonObject capabilities = new JsonObject();
        capabilities.addProperty("clientID", "gantry-run");
        capabilities.addProperty("clientName", "gantry run");
        capabilities.addProperty("adapterID", "gantry");
        capabilities.addProperty("pathFormat", "path");
        capabilities.addProperty("linesStartAt1", true);
        capabilities.addProperty("columnsStartAt1", true);
        capabilities.addProperty("supportsANSIStyling", true);
        capabilities.addProperty("gantryRawOutput", true);
        return capabilities;
    }
}
