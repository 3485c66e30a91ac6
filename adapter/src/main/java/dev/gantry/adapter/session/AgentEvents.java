package dev.gantry.adapter.session;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.adapter.agent.AgentChannel;
import dev.gantry.adapter.agent.AgentJson;
import dev.gantry.adapter.debuggee.AgentLink;
import dev.gantry.adapter.debuggee.Debuggee;
import dev.gantry.adapter.model.RawJson;

/**
 * What the agent tells by itself, told to the client. What the program has written before is told before: it came by another way.
 * Of a client that does not read, the agent is not heard either.
 * Confined to the reactor; as long as one run.
 */
final class AgentEvents {
    /** So many characters of log messages may wait for the client; then a thread that logs waits too. */
    private static final int MOST_UNFLUSHED = 64 * 1024;

    private static final int PER_EVENT = 200;

    private final Session session;
    private final Client client;
    private final Debugging debugging;
    private int unflushed;

    AgentEvents(Session session, Client client, Debugging debugging) {
        this.session = session;
        this.client = client;
        this.debugging = debugging;
    }

    void event(String name, JsonObject body) {
        tellEvent(name, body);
        mindTheClient();
    }

    /** What only the client is told, it is told as it came; whether it was such. */
    boolean plain(String name, RawJson body) {
        if (!debugging.run().conversion().isIdentity()) {
            return false;
        }
        client.event(name, body);
        mindTheClient();
        return true;
    }

    private void mindTheClient() {
        if (client.isCrowded()) {
            session.run()
                    .live()
                    .flatMap(Debuggee::agent)
                    .filter(AgentLink::hold)
                    .ifPresent(link -> client.whenFlushed(link::goOn));
        }
    }

    private void tellEvent(String name, JsonObject body) {
        switch (name) {
            case "stopped" -> stopped(body);
            case "continued" -> continued(body);
            case "output" -> output(body);
            case "breakpoint" -> {
                JsonObject converted = convert(name, body);
                client.event(name, debugging.breakpoints().changed(converted));
            }
            case "thread" -> {
                debugging.run().told().inEvent(body);
                // The first one is told with the process, and with its end.
                if (AgentJson.integer(body, "threadId") != Run.THREAD_ID) {
                    tell(name, body);
                }
            }
            case "invalidated" -> tellIf(session.clientInfo().invalidated(), name, body);
            case "memory" -> tellIf(session.clientInfo().memoryEvent(), name, body);
            default -> {
                if (AgentChannel.PASSED_ON.contains(name)) {
                    tell(name, body);
                } else {
                    session.trace("agent: " + name + " " + body);
                }
            }
        }
    }

    /** A thread that has logged something may wait until that has its place, and prints no further line before. */
    private void output(JsonObject body) {
        session.run().live().ifPresent(Debuggee::drainOutput);
        JsonElement taken = body.remove("taken");
        tell("output", body);
        if (taken != null) {
            DebugRun run = debugging.run();
            Runnable goOn = () -> run.ask("outputTaken", Bodies.object("number", taken), answer -> {});
            unflushed += PER_EVENT + AgentJson.text(body, "output").length();
            if (unflushed < MOST_UNFLUSHED) {
                goOn.run();
            } else {
                // A loop that logs is no faster than the client reads.
                unflushed = 0;
                client.whenFlushed(goOn);
            }
        }
    }

    private void stopped(JsonObject body) {
        if (session.run().live().map(Debuggee::isStopping).orElse(true)) {
            // It was let go of, and ends.
            return;
        }
        session.run().live().ifPresent(Debuggee::drainOutput);
        debugging.run().stopped().stopped(body);
        debugging.run().told().inEvent(body);
        debugging.breakpoints().renumberHits(body);
        tell("stopped", body);
    }

    /** One that was told already, when it was let go of, is not told again. */
    private void continued(JsonObject body) {
        StoppedThreads stopped = debugging.run().stopped();
        if (stopped.isAny()) {
            stopped.resumed(AgentJson.integer(body, "threadId"), !AgentJson.flag(body, "allThreadsContinued", true));
            tell("continued", body);
        }
    }

    private void tellIf(boolean wanted, String name, JsonObject body) {
        if (wanted) {
            tell(name, body);
        }
    }

    private void tell(String name, JsonObject body) {
        client.event(name, convert(name, body));
    }

    private JsonObject convert(String name, JsonObject body) {
        return debugging.run().conversion().toClient(name, body);
    }
}
