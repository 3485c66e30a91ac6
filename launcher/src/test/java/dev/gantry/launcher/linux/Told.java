package dev.gantry.launcher.linux;

import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.SpawnRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What the programs that run in an {@link OwnJvm} have in common: they tell by lines, and wait for their turn. */
final class Told {
    private Told() {}

    static synchronized void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    static void awaitGo() throws IOException {
        System.in.read();
    }

    /** Starts a shell whose output is passed on, line by line. */
    static ProcessTransport sh(Reactor reactor, String script, boolean guarded) throws Exception {
        return sh(reactor, script, guarded, line -> {});
    }

    /** As {@link #sh(Reactor, String, boolean)}; a listener hears the lines before they are passed on. */
    static ProcessTransport sh(Reactor reactor, String script, boolean guarded, Consumer<String> listener)
            throws Exception {
        ProcessProtocol passingOn = new ProcessProtocol() {
            @Override
            public void childDataReceived(int childFd, ByteBuffer data) {
                StandardCharsets.UTF_8.decode(data).toString().lines().forEach(line -> {
                    listener.accept(line);
                    say(line);
                });
            }
        };
        return reactor.spawnProcess(
                passingOn, SpawnRequest.of("/bin/sh", "-c", script).withGuarded(guarded));
    }

    static void goOn(ProcessTransport process) {
        process.write(ByteBuffer.wrap("\n".getBytes(StandardCharsets.US_ASCII)));
    }
}
