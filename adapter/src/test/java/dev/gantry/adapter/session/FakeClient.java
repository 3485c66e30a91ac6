package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.launcher.Producer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A client that writes down what it gets, a line each, in order: "event exited {...}", "output stdout hello", "ok launch", "no launch: why". */
final class FakeClient implements Client {
    final List<String> lines = new ArrayList<>();
    final List<Consumer<Answer>> reverseRequests = new ArrayList<>();
    final List<Producer> producers = new ArrayList<>();
    /** Whether it takes what is queued for it. */
    boolean reads = true;

    /** Whether too much waits for it. */
    boolean crowded;

    private final List<Runnable> whenFlushed = new ArrayList<>();

    boolean closed;
    boolean outputFails;

    @Override
    public void event(String name, @Nullable Object body) {
        if (name.equals("output") && body instanceof JsonObject output) {
            lines.add("output " + output.get("category").getAsString() + " "
                    + output.get("output").getAsString().stripTrailing());
        } else {
            lines.add(("event " + name + " " + (body == null ? "" : body)).strip());
        }
    }

    @Override
    public void request(String command, Object arguments, Consumer<Answer> onAnswer) {
        lines.add("reverse " + command);
        reverseRequests.add(onAnswer);
    }

    @Override
    public OutputChannel outputChannel(OutputFormat format) {
        return new OutputChannel() {
            @Override
            public void flush(boolean atEnd) {
                if (outputFails) {
                    throw new IllegalStateException("deliberate");
                }
            }

            @Override
            public ByteBuffer takeBack() {
                return ByteBuffer.allocate(0);
            }

            @Override
            public void write(ByteBuffer data) {
                lines.add("output " + format.category() + " " + StandardCharsets.UTF_8.decode(data));
            }

            @Override
            public void registerProducer(Producer producer, boolean streaming) {
                producers.add(producer);
            }

            @Override
            public void unregisterProducer() {}
        };
    }

    @Override
    public void whenFlushed(Runnable task) {
        if (reads) {
            task.run();
        } else {
            whenFlushed.add(task);
        }
    }

    @Override
    public boolean isCrowded() {
        return crowded;
    }

    /** It takes everything. */
    void readsAgain() {
        reads = true;
        crowded = false;
        List<Runnable> due = List.copyOf(whenFlushed);
        whenFlushed.clear();
        due.forEach(Runnable::run);
    }

    /** Its buffer is full, and it takes nothing more. */
    void stopsReading() {
        reads = false;
        producers.forEach(Producer::pauseProducing);
    }

    @Override
    public void close() {
        closed = true;
        lines.add("closed");
    }

    /** The lines without the console's and without what follows an event's name. */
    String story() {
        return lines.stream()
                .filter(line -> !line.startsWith("output console"))
                .map(line -> line.startsWith("event ") ? line.split(" ", 3)[1] : line)
                .collect(Collectors.joining(", "));
    }

    String console() {
        return lines.stream()
                .filter(line -> line.startsWith("output console "))
                .map(line -> line.substring("output console ".length()))
                .collect(Collectors.joining("\n"));
    }

    /** An answer that writes itself down. */
    static final class RecordedReply implements Reply {
        private final FakeClient client;
        private final String command;
        int answers;
        boolean succeeded;
        String message = "";

        @Nullable Object body;

        RecordedReply(FakeClient client, String command) {
            this.client = client;
            this.command = command;
        }

        String command() {
            return command;
        }

        @Override
        public void success(@Nullable Object answer) {
            answers++;
            succeeded = true;
            body = answer;
            client.lines.add("ok " + command);
        }

        @Override
        public void failure(dev.gantry.adapter.model.Failure failure) {
            answers++;
            message = failure.message();
            client.lines.add("no " + command);
        }

        @Override
        public boolean isOpen() {
            return answers == 0;
        }
    }
}
