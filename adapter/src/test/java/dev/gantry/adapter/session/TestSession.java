package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.adapter.config.Host;
import dev.gantry.adapter.config.LaunchParser;
import dev.gantry.launcher.ProcessInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A session with a client, a reactor and processes that do as told. Single quotes in its JSON are double quotes. */
final class TestSession {
    static final String DEBUGGED = "{'runtime':'python','python':'/bin/cat','code':'pass','cwd':'/'}";

    final FakeReactor reactor = new FakeReactor();
    final FakeClient client = new FakeClient();
    final List<String> trace = new ArrayList<>();
    final FakeAgent.Home agentHome = new FakeAgent.Home();
    boolean closed;

    private final Session session = new Session(
            client,
            reactor,
            new SessionSettings(
                    new LaunchParser(Host.current()), agentHome, TokenGate.open(), trace::add, () -> closed = true));

    /** With {@code /bin/cat} launched in {@code /}, and more attributes: {@code 'killTree':'never'}. */
    static TestSession running(String... more) {
        TestSession made = new TestSession();
        made.send("initialize", "{'clientID':'test'}");
        made.launch("{'program':'/bin/cat','cwd':'/'" + (more.length == 0 ? "" : "," + String.join(",", more)) + "}");
        return made;
    }

    /** A Python program that is debugged, as far as anybody can see; its agent has said nothing yet. */
    static TestSession debugged(String... initialize) {
        TestSession made = new TestSession();
        made.send("initialize", initialize.length == 0 ? "{}" : initialize[0]);
        made.send("launch", DEBUGGED);
        return made;
    }

    /** The same, configured, and running. */
    static TestSession debuggedAndRunning() {
        TestSession made = debugged();
        made.agent().hello();
        made.send("configurationDone");
        return made;
    }

    FakeAgent agent() {
        return process().agent;
    }

    Session session() {
        return session;
    }

    /** Which must work. */
    void launch(String arguments) {
        FakeClient.RecordedReply launch = send("launch", arguments);
        send("configurationDone");
        assertThat(launch.message).isEmpty();
        assertThat(launch.succeeded).isTrue();
    }

    FakeTransport process() {
        return reactor.lastSpawned();
    }

    /** Gives the process a living descendant. */
    ProcessInfo child(long pid, String command) {
        ProcessInfo child = new ProcessInfo(pid, 1, 1, 'S', command, 1024, Duration.ZERO);
        process().descendants.add(child);
        return child;
    }

    FakeClient.RecordedReply send(String command) {
        return send(command, "{}");
    }

    FakeClient.RecordedReply send(String command, String arguments) {
        FakeClient.RecordedReply reply = new FakeClient.RecordedReply(client, command);
        JsonObject json = JsonParser.parseString(arguments.replace('\'', '"')).getAsJsonObject();
        session.request(1, command, json, null, reply);
        assertThat(reply.answers).isLessThanOrEqualTo(1);
        return reply;
    }
}
