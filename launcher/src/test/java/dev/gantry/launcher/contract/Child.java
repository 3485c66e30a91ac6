package dev.gantry.launcher.contract;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A started process and what its protocol heard, for a test's thread: every method goes through the reactor. */
record Child(Reactor reactor, Recorder heard, ProcessTransport transport) {
    /** Something to do with the transport on the reactor's thread. */
    interface Act {
        void on(ProcessTransport transport) throws Exception;
    }

    /** Something to ask the transport on the reactor's thread. */
    interface Question<T> {
        T of(ProcessTransport transport) throws Exception;
    }

    static Child spawn(Reactor reactor, SpawnRequest request) throws SpawnException {
        return spawn(reactor, Recorder.keeping(), request);
    }

    static Child spawn(Reactor reactor, Recorder heard, SpawnRequest request) throws SpawnException {
        return new Child(reactor, heard, started(reactor, heard, request));
    }

    private static ProcessTransport started(Reactor reactor, Recorder heard, SpawnRequest request)
            throws SpawnException {
        try {
            return reactor.spawnProcess(heard, request);
        } catch (SpawnException failure) {
            if (!Platform.lostByWine(failure)) {
                throw failure;
            }
            System.out.println("Wine lost a process while it started; another one is started: " + failure);
            return reactor.spawnProcess(heard, request);
        }
    }

    void does(Act act) throws Exception {
        reactor.call(() -> {
            act.on(transport);
            return true;
        });
    }

    <T> T asked(Question<T> question) throws Exception {
        return reactor.call(() -> question.of(transport));
    }

    void writes(String text) throws Exception {
        writes(text.getBytes(StandardCharsets.UTF_8));
    }

    void writes(byte[] bytes) throws Exception {
        does(process -> process.write(ByteBuffer.wrap(bytes)));
    }

    void closesStdin() throws Exception {
        does(ProcessTransport::closeStdin);
    }

    void getsSignal(Signal signal) throws Exception {
        does(process -> process.signalProcess(signal));
    }

    /** Kills it and waits for the end. */
    ExitReason isKilled() throws Exception {
        getsSignal(Signal.KILL);
        return heard.awaitEnded();
    }

    ProcessTransport.State state() throws Exception {
        return asked(ProcessTransport::state);
    }
}
