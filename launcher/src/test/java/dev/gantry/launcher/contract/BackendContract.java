package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.Backend;
import dev.gantry.launcher.Backends;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;

/**
 * What every theme of the contract stands on: a reactor of the backend that the enclosing class names, opened before each
 * test, closed after it; no callback may have thrown unless the test says so.
 *
 * <p>A test of something that a backend cannot do has two legs: where the capability is announced, it works; where it is not,
 * it is refused by name. Nothing is skipped silently.
 */
@ExtendWith(LeakCheck.class)
@Timeout(120)
abstract class BackendContract {
    /** A callback or task that threw, as the reactor's error handler heard it. */
    record Thrown(String where, Throwable error) {}

    private final List<Thrown> thrown = new CopyOnWriteArrayList<>();
    private Reactor reactor;
    private TestReporter reporter;

    @BeforeEach
    void open(TestReporter reporter) throws IOException {
        this.reporter = reporter;
        reactor = backend()
                .open(ReactorOptions.defaults()
                        .withErrorHandler((where, error) -> thrown.add(new Thrown(where, error))));
    }

    @AfterEach
    void close() {
        if (reactor != null) { // else there is no such backend here
            reactor.close();
        }
        assertThat(thrown).as("callbacks that threw").isEmpty();
    }

    Reactor reactor() {
        return reactor;
    }

    /** What was thrown so far; forgets it. */
    List<Thrown> takeThrown() {
        List<Thrown> taken = List.copyOf(thrown);
        thrown.removeAll(taken);
        return taken;
    }

    Backend backend() {
        String name = backendName(getClass());
        Backend backend = Backends.all().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new TestAbortedException("there is no backend '" + name + "'"));
        backend.unavailableBecause().ifPresent(reason -> {
            throw new TestAbortedException("the " + name + " backend does not run here: " + reason);
        });
        return backend;
    }

    static String backendName(Class<?> testClass) {
        for (Class<?> at = testClass; at != null; at = at.getEnclosingClass()) {
            OnBackend named = at.getAnnotation(OnBackend.class);
            if (named != null) {
                return named.value();
            }
        }
        throw new IllegalArgumentException(testClass + " is not within a class with @OnBackend");
    }

    boolean can(Capability capability) {
        return reactor.capabilities().contains(capability);
    }

    Child spawn(SpawnRequest request) throws SpawnException {
        return Child.spawn(reactor, request);
    }

    Child spawn(List<String> command) throws SpawnException {
        return spawn(SpawnRequest.of(command));
    }

    Child spawn(Steps steps) throws SpawnException {
        return spawn(request(steps));
    }

    static SpawnRequest request(Steps steps) {
        return SpawnRequest.of(steps.command());
    }

    /** Starts it if the backend has the capability; else proves that it refuses, and is empty. */
    Optional<Child> spawnIfAble(Capability capability, SpawnRequest request) throws SpawnException {
        if (can(capability)) {
            return Optional.of(spawn(request));
        }
        Recorder heard = Recorder.keeping();
        assertRefused(capability, () -> reactor.spawnProcess(heard, request));
        assertThat(heard.events()).isEmpty();
        return Optional.empty();
    }

    /** Whether the backend has the capability; if it has not, proves that the call is refused. */
    boolean ableElseRefuses(Capability capability, Child child, Child.Act act) {
        if (can(capability)) {
            return true;
        }
        assertRefused(capability, () -> child.does(act));
        return false;
    }

    void assertRefused(Capability capability, ThrowingCallable call) {
        reporter.publishEntry(ContractMatrix.REFUSED, capability.name());
        assertThat(catchThrowable(call)).isInstanceOfSatisfying(UnsupportedCapabilityException.class, refusal -> {
            assertThat(refusal.capability()).isEqualTo(capability);
            assertThat(refusal.backend()).isEqualTo(reactor.backendName());
            assertThat(refusal).hasMessageContaining(capability.name());
        });
    }

    /** For what can be lacking but not asked for: shown in the matrix as not run, with the reason. */
    void requireElseNotRun(Capability capability) {
        if (!can(capability)) {
            throw new TestAbortedException(reactor.backendName() + " does not announce " + capability);
        }
    }
}
