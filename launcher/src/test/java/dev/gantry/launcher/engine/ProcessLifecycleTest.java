package dev.gantry.launcher.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport.State;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessLifecycleTest {
    private static final ExitReason DONE = new ProcessDone(0);

    private final List<String> heard = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final ProcessLifecycle.EventSink loop = new ProcessLifecycle.EventSink() {
        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void guarded(String where, Runnable code) {
            try {
                code.run();
            } catch (RuntimeException e) {
                report(where, e);
            }
        }

        @Override
        public void report(String where, Throwable thrown) {
            errors.add(where);
        }
    };
    private final ProcessProtocol protocol = new ProcessProtocol() {
        @Override
        public void childDataReceived(int childFd, ByteBuffer data) {
            heard.add("data " + childFd);
            if (childFd == 2) {
                throw new IllegalStateException("mine");
            }
        }

        @Override
        public void childConnectionLost(int childFd) {
            heard.add("lost " + childFd);
            if (childFd == 2) {
                throw new IllegalStateException("mine");
            }
        }

        @Override
        public void processExited(ExitReason reason) {
            heard.add("exited");
        }

        @Override
        public void processEnded(ExitReason reason) {
            heard.add("ended");
        }
    };
    private final ProcessLifecycle life =
            new ProcessLifecycle(protocol, loop, List.of(0, 1, 2), "test", () -> heard.add("cleaned"));

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void theEndComesAfterTheExitAndAllDescriptorsWhicheverIsLast() {
        life.connectionLost(0);
        life.connectionLost(1);
        life.exited(DONE);
        runTasks();
        assertThat(life.state()).isEqualTo(State.EXITED);
        assertThat(heard).containsExactly("lost 0", "lost 1", "exited");
        life.connectionLost(2);
        assertThat(life.state()).isEqualTo(State.ENDED);
        runTasks();
        assertThat(heard).containsExactly("lost 0", "lost 1", "exited", "cleaned", "lost 2", "ended");
    }

    @Test
    void theExitCanBeLast() {
        for (int fd : List.of(2, 1, 0)) {
            life.connectionLost(fd);
        }
        assertThat(life.state()).isEqualTo(State.SPAWNED);
        life.exited(DONE);
        runTasks();
        assertThat(heard).containsExactly("cleaned", "lost 2", "lost 1", "lost 0", "exited", "ended");
        assertThat(life.exitReason()).contains(DONE);
    }

    @Test
    void everythingIsToldOnce() {
        for (int twice = 0; twice < 2; twice++) {
            life.exited(DONE);
            life.connectionLost(0);
            life.connectionLost(1);
            life.connectionLost(2);
            life.connectionLost(7);
        }
        runTasks();
        assertThat(heard).doesNotHaveDuplicates().contains("ended").doesNotContain("lost 7");
        assertThat(heard.get(heard.size() - 1)).isEqualTo("ended");
    }

    @Test
    void whoClosesIsNotCalledBackWithinHisCall() {
        life.connectionLost(0);
        assertThat(heard).isEmpty();
    }

    @Test
    void dataIsToldDirectly() {
        life.dataReceived(1, ByteBuffer.allocate(1));
        assertThat(heard).containsExactly("data 1");
    }

    @Test
    void whoThrowsAtDataIsReportedByNameAndGetsTheNext() {
        life.dataReceived(2, ByteBuffer.allocate(1));
        life.dataReceived(1, ByteBuffer.allocate(1));
        assertThat(errors).containsExactly("childDataReceived(2) of test");
        assertThat(heard).containsExactly("data 2", "data 1");
    }

    @Test
    void aCallbackThatThrowsIsReportedByNameAndTheRestComes() {
        life.connectionLost(2);
        life.exited(DONE);
        runTasks();
        assertThat(errors)
                .singleElement()
                .satisfies(where ->
                        assertThat(where).contains("childConnectionLost(2)").contains("test"));
        assertThat(heard).containsExactly("lost 2", "exited");
    }

    @Test
    void afterADetachNothingIsToldNotEvenWhatWasOnItsWay() {
        life.connectionLost(0);
        life.detached();
        life.detached();
        life.exited(DONE);
        life.dataReceived(1, ByteBuffer.allocate(1));
        life.connectionLost(1);
        runTasks();
        assertThat(heard).containsExactly("cleaned");
        assertThat(life.state()).isEqualTo(State.ENDED);
    }
}
