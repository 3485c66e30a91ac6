package dev.gantry.adapter.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The least adapter that {@code gantry run} can be tested with, as a process of its own: plain java.lang.Process, one thread
 * for each stream. With the argument {@code dies} it ends at the launch; with {@code holds-initialize} or {@code holds-launch} it
 * says so at that request, and answers it after the next one, as an adapter does that is overtaken.
 */
public final class FakeAdapter {
    private final List<String> modes;
    private final Conversation client = new Conversation(System.in, OutputStream.nullOutputStream());
    private final PrintStream out = System.out; // guarded by itself
    private Optional<Process> target = Optional.empty(); // the main thread's
    private JsonObject launch = new JsonObject(); // the main thread's
    private int seq; // guarded by out
    private boolean terminating; // the main thread's

    private Optional<JsonObject> held = Optional.empty(); // the main thread's

    private FakeAdapter(List<String> modes) {
        this.modes = modes;
    }

    public static void main(String[] arguments) throws IOException {
        new FakeAdapter(Arrays.asList(arguments)).serve();
    }

    private void serve() throws IOException {
        for (Optional<JsonObject> message = client.read(); message.isPresent(); message = client.read()) {
            JsonObject request = message.get();
            String command = request.get("command").getAsString();
            if (modes.contains("holds-" + command)) {
                held = message;
                output("important", ("holding " + command).getBytes(StandardCharsets.UTF_8));
            } else if (!handle(request, command) && !handleHeld()) {
                break;
            }
        }
        target.ifPresent(Process::destroyForcibly);
    }

    /** What was held is refused if it is a launch: its session is over. Whether there is more to handle. */
    private boolean handleHeld() {
        held.ifPresent(
                request -> answer(request, request.get("command").getAsString().equals("launch") ? "it is over" : ""));
        boolean more = held.isPresent();
        held = Optional.empty();
        return more;
    }

    private boolean handle(JsonObject request, String command) throws IOException {
        switch (command) {
            case "initialize" -> answer(request, "");
            case "launch" -> {
                if (modes.contains("dies")) {
                    return false;
                }
                if (modes.contains("holds-initialize")) {
                    answer(request, "this session has a program already");
                } else {
                    start(request);
                }
            }
            case "configurationDone" -> {
                answer(request, "");
                event("process", new JsonObject());
                carry(target.orElseThrow());
                answer(launch, "");
            }
            case "gantry/write" -> answer(request, write(request.getAsJsonObject("arguments")));
            case "gantry/closeStdin" -> {
                target.orElseThrow().getOutputStream().close();
                answer(request, "");
            }
            case "terminate" -> {
                ProcessHandle handle = target.orElseThrow().toHandle();
                if (terminating) {
                    handle.destroyForcibly();
                } else {
                    handle.destroy();
                }
                terminating = true;
                answer(request, "");
            }
            case "disconnect" -> {
                answer(request, "");
                return false;
            }
            default -> answer(request, "unknown");
        }
        return true;
    }

    private void start(JsonObject request) {
        launch = request;
        JsonObject arguments = request.getAsJsonObject("arguments");
        List<String> command = new ArrayList<>(List.of(arguments.get("program").getAsString()));
        JsonArray rest = arguments.getAsJsonArray("args");
        for (JsonElement argument : rest) {
            command.add(argument.getAsString());
        }
        try {
            target = Optional.of(new ProcessBuilder(command).start());
            event("initialized", new JsonObject());
        } catch (IOException failed) {
            answer(request, String.valueOf(failed.getMessage()));
        }
    }

    private String write(JsonObject arguments) {
        try {
            OutputStream stdin = target.orElseThrow().getOutputStream();
            stdin.write(Base64.getDecoder().decode(arguments.get("base64").getAsString()));
            stdin.flush();
            return "";
        } catch (IOException closed) {
            return "stdin is closed";
        }
    }

    private void carry(Process process) {
        Thread out = pump(process.getInputStream(), "stdout");
        Thread err = pump(process.getErrorStream(), "stderr");
        Thread end = new Thread(() -> {
            try {
                out.join();
                err.join();
                JsonObject exit = new JsonObject();
                exit.addProperty("exitCode", process.waitFor());
                output("console", "ended".getBytes(StandardCharsets.UTF_8));
                event("exited", exit);
                event("terminated", new JsonObject());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        end.setDaemon(true);
        end.start();
    }

    private Thread pump(InputStream stream, String category) {
        Thread thread = new Thread(() -> {
            byte[] piece = new byte[8192];
            try (stream) {
                for (int count = stream.read(piece); count >= 0; count = stream.read(piece)) {
                    output(category, Arrays.copyOf(piece, count));
                }
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void output(String category, byte[] bytes) {
        JsonObject body = new JsonObject();
        body.addProperty("category", category);
        String text = new String(bytes, StandardCharsets.UTF_8);
        body.addProperty("output", text);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            JsonObject data = new JsonObject();
            data.addProperty("base64", Base64.getEncoder().encodeToString(bytes));
            body.add("data", data);
        }
        event("output", body);
    }

    private void event(String name, JsonObject body) {
        JsonObject message = new JsonObject();
        message.addProperty("type", "event");
        message.addProperty("event", name);
        message.add("body", body);
        send(message);
    }

    private void answer(JsonObject request, String failure) {
        JsonObject message = new JsonObject();
        message.addProperty("type", "response");
        message.add("request_seq", request.get("seq"));
        message.add("command", request.get("command"));
        message.addProperty("success", failure.isEmpty());
        if (!failure.isEmpty()) {
            message.addProperty("message", failure);
        }
        send(message);
    }

    private void send(JsonObject message) {
        synchronized (out) {
            message.addProperty("seq", ++seq);
            byte[] body = message.toString().getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.writeBytes(("Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            frame.writeBytes(body);
            out.writeBytes(frame.toByteArray());
            out.flush();
        }
    }
}
