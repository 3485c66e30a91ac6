package dev.gantry.adapter.e2e;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.fixtures.DapClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real server as a process, listening on a free port. Closed, by SIGTERM, by whoever started it. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final int port;
    private final String token;

    private ServerProcess(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        JsonObject line = JsonParser.parseString(
                        process.inputReader(StandardCharsets.UTF_8).readLine())
                .getAsJsonObject();
        port = line.get("port").getAsInt();
        token = line.get("token").getAsString();
    }

    /** With more options of {@code gantry serve}. */
    static ServerProcess start(String... options) {
        List<String> words = new ArrayList<>(List.of("serve", "--port", "0", "--json"));
        words.addAll(List.of(options));
        return start(
                AdapterCommand.dap().withArguments(words.toArray(String[]::new)).words());
    }

    /** By another command, which must print one line of JSON. */
    static ServerProcess start(List<String> command) {
        try {
            return new ServerProcess(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    String token() {
        return token;
    }

    Process process() {
        return process;
    }

    JsonObject withToken(JsonObject launch) {
        return Json.with(launch, "gantryToken", token);
    }

    /** Connected and initialized. */
    DapClient client() {
        try {
            DapClient client = DapClient.connect(port);
            client.initialize();
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the server does not end");
            }
            process.getInputStream().close();
            process.getOutputStream().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
