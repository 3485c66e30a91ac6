package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The server on loopback: its token, several sessions at once, its end. */
@ExtendWith(LeakCheck.class)
class ServeTest {
    private final ServerProcess server = ServerProcess.start();

    @AfterEach
    void endServer() {
        server.close();
    }

    private JsonObject withToken(JsonObject launch) {
        return server.withToken(launch);
    }

    private DapClient client() {
        return server.client();
    }

    private static long pid(DapClient client) {
        return client.awaitEvent("process").body().get("systemProcessId").getAsLong();
    }

    @Test
    void theRightTokenOpensTheSession() throws IOException {
        try (DapClient client = client()) {
            assertThat(client.launch(withToken(Json.shell("echo served; exit 2")))
                            .success())
                    .isTrue();
            client.awaitEvent("terminated");
            assertThat(client.timeline().output("stdout")).isEqualTo("served\n");
            assertThat(client.timeline().output("console")).doesNotContain(server.token());
            Ends.assertCode(client.timeline(), 2);
            client.ask("disconnect", null);
            client.awaitEnd();
        }
    }

    @Test
    void aMissingOrWrongTokenIsRefusedAndTheThirdClosesTheConnection() throws IOException {
        try (DapClient client = client()) {
            Entry missing = client.request("launch", Json.shell("true"));
            assertThat(missing.success()).isFalse();
            assertThat(missing.failure()).contains("gantryToken").doesNotContain(server.token());
            Entry wrong = client.request("attach", Json.object("gantryToken", server.token() + "0"));
            assertThat(wrong.success()).isFalse();
            Entry third = client.request("launch", Json.with(Json.shell("true"), "gantryToken", 5));
            assertThat(third.success()).isFalse();
            client.awaitEnd();
            client.timeline().never(event("process"));
        }
        theRightTokenOpensTheSession();
    }

    @Test
    void aRightTokenAfterAWrongOneIsTaken() throws IOException {
        try (DapClient client = client()) {
            assertThat(client.request("launch", Json.shell("true")).success()).isFalse();
            assertThat(client.launch(withToken(Json.shell("true"))).success()).isTrue();
            client.awaitEvent("terminated");
        }
    }

    @Test
    void twoSessionsRunAtOnceEachWithItsOwnOutput() throws IOException {
        try (DapClient one = client();
                DapClient two = client()) {
            one.launch(withToken(Json.shell("echo one; cat")));
            two.launch(withToken(Json.shell("echo two; cat")));
            one.timeline().awaitOutput("stdout", "one\n");
            two.timeline().awaitOutput("stdout", "two\n");
            two.ask("gantry/write", Json.object("text", "to two\n"));
            two.timeline().awaitOutput("stdout", "two\nto two\n");
            two.ask("disconnect", null);
            two.awaitEnd();
            assertThat(Processes.isAlive(pid(one))).isTrue();
            one.ask("gantry/write", Json.object("text", "still\n"));
            one.timeline().awaitOutput("stdout", "one\nstill\n");
        }
    }

    @Test
    void aConnectionThatBreaksEndsItsTargetAndNoOther() throws IOException {
        try (DapClient other = client()) {
            other.launch(withToken(Json.shell("exec sleep 66")));
            long target;
            try (DapClient broken = client()) {
                broken.launch(withToken(Json.shell("exec sleep 67")));
                target = pid(broken);
            }
            Processes.within(DapClient.PATIENCE).until(() -> !Processes.isAlive(target));
            assertThat(Processes.isAlive(pid(other))).isTrue();
        }
    }

    @Test
    void sigtermEndsTheTargetsOfAllSessions() throws IOException, InterruptedException {
        try (DapClient one = client();
                DapClient two = client()) {
            one.launch(withToken(Json.shell("trap 'echo bye; exit 5' TERM; echo ready; while :; do sleep 0.02; done")));
            one.timeline().awaitOutput("stdout", "ready\n");
            two.launch(withToken(Json.shell("exec sleep 68")));
            long second = pid(two);
            server.process().destroy();
            assertThat(server.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
            one.awaitEnd();
            two.awaitEnd();
            assertThat(one.timeline().output("stdout")).isEqualTo("ready\nbye\n");
            Ends.assertCode(one.timeline(), 5);
            Ends.assertCode(two.timeline(), 128 + 15);
            assertThat(Processes.isAlive(second)).isFalse();
        }
    }
}
