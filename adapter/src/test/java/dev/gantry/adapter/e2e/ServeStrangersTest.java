package dev.gantry.adapter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.Expectation;
import dev.gantry.fixtures.Frames;
import dev.gantry.fixtures.LeakCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Anybody on the machine can connect: who has no token cannot keep others out, nor learn, nor cost much. */
@ExtendWith(LeakCheck.class)
class ServeStrangersTest {
    @TempDir
    private Path directory;

    private static void runsAProgram(ServerProcess server) throws IOException {
        try (DapClient client = server.client()) {
            assertThat(client.launch(server.withToken(Json.shell("echo served")))
                            .success())
                    .isTrue();
            client.awaitEvent("terminated");
            assertThat(client.timeline().output("stdout")).isEqualTo("served\n");
        }
    }

    private static List<Socket> connect(ServerProcess server, int count) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        }
        return sockets;
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void silentConnectionsDoNotKeepOthersOut() throws IOException {
        try (ServerProcess server = ServerProcess.start("--max-sessions", "2")) {
            List<Socket> silent = connect(server, 100);
            runsAProgram(server);
            // The oldest had to go; it sees the end of its stream.
            assertThat(silent.get(0).getInputStream().read()).isEqualTo(-1);
            close(silent);
            runsAProgram(server);
        }
    }

    @Test
    void aConnectionWithoutTokenIsClosedAfterATime() throws IOException {
        try (ServerProcess server = ServerProcess.start("--token-timeout", "1");
                DapClient idle = server.client()) {
            idle.awaitEnd();
            runsAProgram(server);
        }
    }

    @Test
    void asManySessionsAsAreAllowedAndTheNextIsToldWhy() throws IOException {
        try (ServerProcess server = ServerProcess.start("--max-sessions", "1");
                DapClient second = server.client()) {
            try (DapClient first = server.client()) {
                first.launch(server.withToken(Json.shell("echo ready; cat")));
                first.timeline().awaitOutput("stdout", "ready\n");
                assertThat(second.request("launch", server.withToken(Json.shell("true")))
                                .failure())
                        .contains("--max-sessions");
                first.ask("disconnect", null);
                first.awaitEnd();
            }
            Processes.within(DapClient.PATIENCE)
                    .until(() -> second.request("launch", server.withToken(Json.shell("true")))
                            .success());
        }
    }

    @Test
    void guessesThatWereSentAheadAreNotAnswered() throws IOException {
        try (ServerProcess server = ServerProcess.start();
                DapClient client = server.client()) {
            ByteArrayOutputStream guesses = new ByteArrayOutputStream();
            for (int i = 0; i < 1000; i++) {
                guesses.writeBytes(Frames.encode(Json.object(
                        "seq", 100 + i, "type", "request", "command", "launch", "arguments", new JsonObject())));
            }
            client.sendRaw(guesses.toByteArray());
            client.awaitEnd();
            assertThat(client.timeline().all(Expectation.response("launch"))).hasSize(3);
        }
    }

    @Test
    void aStrangersLongMessageIsReadPastAndAGuestsIsTaken() throws IOException {
        JsonObject launch = Json.with(Json.shell("echo served"), "env", Json.object("LONG", "x".repeat(300_000)));
        try (ServerProcess server = ServerProcess.start();
                DapClient client = server.client()) {
            assertThat(client.request("launch", server.withToken(launch)).failure())
                    .contains("is over the limit of 262144");
            assertThat(client.launch(server.withToken(Json.shell("echo ready; cat")))
                            .success())
                    .isTrue();
            client.timeline().awaitOutput("stdout", "ready\n");
            client.ask("gantry/write", Json.object("text", "y".repeat(300_000) + "\n"));
            client.timeline().awaitOutput("stdout", "y\n");
        }
    }

    @Test
    void aFailureToAcceptEndsNoSession() throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n 70; exec \"$@\"", "sh"));
        command.addAll(AdapterCommand.dap()
                .withArguments("serve", "--port", "0", "--json")
                .words());
        try (ServerProcess server = ServerProcess.start(command);
                DapClient client = server.client()) {
            client.launch(server.withToken(Json.shell("echo ready; cat")));
            client.timeline().awaitOutput("stdout", "ready\n");
            List<Socket> silent = connect(server, 60);
            client.ask("gantry/write", Json.object("text", "still\n"));
            client.timeline().awaitOutput("stdout", "still\n");
            close(silent);
            Processes.within(DapClient.PATIENCE).untilAsserted(() -> runsAProgram(server));
        }
    }

    @Test
    void theLogHoldsNoToken() throws IOException {
        Path log = directory.resolve("serve.log");
        try (ServerProcess server = ServerProcess.start("--log", log.toString())) {
            runsAProgram(server);
            Processes.within(DapClient.PATIENCE)
                    .untilAsserted(() -> assertThat(log).content().contains("terminated"));
            assertThat(log).content(StandardCharsets.UTF_8).doesNotContain(server.token());
        }
    }
}
