package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.Signal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program that is stopped, or let go on, by somebody else or itself: the client hears of it. */
class StoppedByOthersTest {
    private static final Duration SOON = Duration.ofMillis(1500);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final TestSession session = TestSession.running();

    @Test
    void aStopIsTold() {
        session.reactor.advance(LONG);
        session.process().procState = 'T';
        session.reactor.advance(SOON);
        assertThat(session.client.lines)
                .endsWith(
                        "event stopped {\"reason\":\"pause\",\"description\":\"Stopped by a signal, its own or somebody"
                                + " else's\",\"threadId\":1,\"allThreadsStopped\":true}");
        assertThat(session.send("stackTrace").succeeded).isTrue();
        session.reactor.advance(LONG);
        assertThat(session.client.story()).containsOnlyOnce("stopped");
    }

    @Test
    void thatItGoesOnIsTold() {
        session.process().procState = 'T';
        session.reactor.advance(SOON);
        session.process().procState = 'S';
        session.reactor.advance(SOON);
        assertThat(session.client.story()).endsWith("stopped, continued");
        session.reactor.advance(LONG);
        assertThat(session.client.story()).endsWith("stopped, continued");
    }

    @Test
    void aPauseThatSomebodyElseEndsIsTold() {
        session.send("pause");
        session.process().procState = 'T';
        session.reactor.advance(Duration.ofMillis(100));
        session.process().procState = 'R';
        session.reactor.advance(SOON);
        assertThat(session.client.story()).endsWith("ok pause, stopped, continued");
        assertThat(session.send("threads").body).asString().contains("running");
    }

    @Test
    void aPauseThatWasEndedBeforeAnybodyLookedIsTold() {
        session.send("pause");
        session.reactor.advance(Duration.ofSeconds(5));
        assertThat(session.client.story()).endsWith("ok pause, stopped, continued");
        assertThat(session.send("threads").body).asString().contains("running");
    }

    @Test
    void aPauseThatTakesItsTimeIsAPause() {
        session.send("pause");
        session.reactor.advance(Duration.ofMillis(500));
        session.process().procState = 'T';
        session.reactor.advance(LONG);
        assertThat(session.client.story()).endsWith("ok pause, stopped");
    }

    /** It waits for a device, and hears no signal until that answers. */
    @Test
    void aPauseThatWaitsForADeviceIsAPause() {
        session.process().procState = 'D';
        session.send("pause");
        session.reactor.advance(LONG);
        assertThat(session.client.story()).endsWith("ok pause, stopped");
    }

    @Test
    void aMomentIsNotTold() {
        for (int i = 0; i < 200; i++) {
            session.process().procState = 'T';
            session.reactor.advance(Duration.ofMillis(30));
            session.process().procState = 'S';
            session.reactor.advance(Duration.ofMillis(970));
        }
        assertThat(session.client.story()).doesNotContain("stopped").doesNotContain("continued");
    }

    /** A tracer stops it at every system call. */
    @Test
    void whatATracerDoesIsNotTold() {
        session.process().procState = 't';
        session.reactor.advance(LONG);
        assertThat(session.client.story()).doesNotContain("stopped");
    }

    @Test
    void aContinueAndAStopOfOursAreToldOnce() {
        session.process().procState = 'T';
        session.reactor.advance(SOON);
        session.send("continue");
        session.process().procState = 'S';
        session.reactor.advance(LONG);
        assertThat(session.client.story()).endsWith("stopped, ok continue, continued");
        session.send("pause");
        session.process().procState = 'T';
        session.reactor.advance(LONG);
        assertThat(session.client.story()).endsWith("continued, ok pause, stopped");
    }

    @Test
    void aSignalThatStopsIsToldSoon() {
        session.reactor.advance(LONG);
        session.process().onSignal = signal -> session.process().procState = 'T';
        session.send("gantry/signal", "{'signal':'TSTP'}");
        session.reactor.advance(Duration.ofMillis(200));
        assertThat(session.client.story()).endsWith("ok gantry/signal, stopped");
    }

    @Test
    void aTreeThatTakesLongToLookAtIsLookedAtSeldom() {
        AtomicInteger looks = new AtomicInteger();
        session.process().onLook = () -> {
            looks.incrementAndGet();
            session.reactor.spend(Duration.ofMillis(20));
        };
        session.reactor.advance(LONG);
        assertThat(looks.get()).isBetween(10, 17);
    }

    /** The processor was somebody else's. */
    @Test
    void oneLookThatWasSlowDelaysNothing() {
        session.reactor.advance(LONG);
        session.process().onLook = () -> {
            session.process().onLook = () -> {};
            session.reactor.spend(Duration.ofMillis(20));
        };
        session.reactor.advance(SOON);
        session.process().procState = 'T';
        session.reactor.advance(SOON);
        assertThat(session.client.story()).endsWith("stopped");
    }

    @ParameterizedTest
    @ValueSource(strings = {"restart", "terminate", "disconnect"})
    void theClientHearsThatItGoesOnToItsEnd(String how) {
        session.process().procState = 'T';
        session.reactor.advance(SOON);
        session.process().onSignal = signal -> {
            if (signal == Signal.KILL) {
                session.process().exitAndEnd(ExitReason.of(9));
            }
        };
        session.send(how);
        assertThat(session.client.story()).endsWith("stopped, continued");
        session.reactor.advance(Duration.ofMillis(400));
        assertThat(session.client.story())
                .as("and nothing is looked for any more")
                .endsWith("stopped, continued");
    }

    @Test
    void nothingIsLookedForAfterTheEnd() {
        session.process().exitAndEnd(ExitReason.of(0));
        session.reactor.advance(LONG);
        assertThat(session.reactor.isIdle()).isTrue();
    }

    @Test
    void whereTheSystemShowsNothingNobodyLooks() {
        TestSession blind = new TestSession();
        blind.reactor.capabilities.remove(Capability.PROCESS_TREE);
        blind.send("initialize", "{'clientID':'test'}");
        blind.launch("{'program':'/bin/cat','cwd':'/'}");
        blind.send("pause");
        blind.reactor.advance(LONG);
        assertThat(blind.client.story()).endsWith("ok pause, stopped");
        assertThat(blind.reactor.isIdle()).isTrue();
    }
}
