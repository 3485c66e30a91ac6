package dev.gantry.launcher.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.LeakCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
@Timeout(30)
class EventLoopTest {
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final EventLoop loop =
            new EventLoop("loop under test", new ParkingPoller(), NanoClock.system(), this::note);

    @BeforeEach
    void start() {
        loop.start();
    }

    @AfterEach
    void close() {
        loop.close(() -> {});
    }

    @Test
    void tasksOfOneThreadRunInOrderAndNoneIsLost() throws Exception {
        List<Integer> ran = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            int number = i;
            loop.execute(() -> ran.add(number));
        }
        loop.call(() -> "done");
        assertThat(ran).isEqualTo(IntStream.range(0, 5_000).boxed().toList());
    }

    @Test
    void aTaskThatThrowsIsReportedAndTheNextOneRuns() throws Exception {
        loop.execute(() -> {
            throw new IllegalStateException("mine");
        });
        loop.execute(() -> {
            throw new StackOverflowError("even this");
        });
        assertThat(loop.call(() -> "alive")).isEqualTo("alive");
        assertThat(errors).containsExactly("a task: mine", "a task: even this");
    }

    @Test
    void whatACallThrowsIsTheCallersAndNobodyElses() {
        assertThatThrownBy(() -> loop.call(() -> {
                    throw new IOException("mine");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("mine");
        assertThat(errors).isEmpty();
    }

    @Test
    void aCallOnTheLoopsOwnThreadRunsDirectly() throws Exception {
        assertThat(loop.call(() -> loop.call(() -> loop.callUninterruptibly(loop::inLoopThread))))
                .isTrue();
    }

    @Test
    void aTaskThatQueuesItselfAgainKeepsNobodyWaiting() throws Exception {
        CompletableFuture<String> fired = new CompletableFuture<>();
        Runnable again = new Runnable() {
            @Override
            public void run() {
                if (!fired.isDone()) {
                    loop.execute(this);
                }
            }
        };
        loop.execute(again);
        loop.callLater(Duration.ofMillis(1), () -> fired.complete("timer"));
        assertThat(fired.get(10, TimeUnit.SECONDS)).isEqualTo("timer");
    }

    @Test
    void anEarlierTimerSetFromAnotherThreadWakesTheLoop() throws Exception {
        CompletableFuture<String> fired = new CompletableFuture<>();
        loop.callLater(Duration.ofHours(1), () -> fired.complete("late"));
        loop.callLater(Duration.ofMillis(1), () -> fired.complete("early"));
        assertThat(fired.get(10, TimeUnit.SECONDS)).isEqualTo("early");
    }

    @Test
    void aTimerThatSetsItselfWithoutDelayKeepsNobodyWaiting() throws Exception {
        CountDownLatch rounds = new CountDownLatch(100);
        Runnable again = new Runnable() {
            @Override
            public void run() {
                rounds.countDown();
                loop.callLater(Duration.ZERO, this);
            }
        };
        loop.callLater(Duration.ZERO, again);
        assertThat(loop.call(() -> "alive")).isEqualTo("alive");
        rounds.await();
    }

    @Test
    void otherThreadsAreToldWhereToGo() {
        assertThatThrownBy(loop::assertInLoop)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("loop under test");
    }

    @Test
    void afterTheEndEverythingIsRefusedAndNobodyWaitsForEver() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        loop.execute(() -> {
            entered.countDown();
            awaitQuietly(go);
        });
        entered.await();
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                loop.call(() -> errors.add("ran"));
                refused.complete(new AssertionError("not refused"));
            } catch (Exception e) {
                refused.complete(e);
            }
        });
        caller.start();
        awaitWaiting(caller);
        Thread closer = new Thread(() -> loop.close(() -> errors.add("last task")));
        closer.start();
        awaitWaiting(closer);
        go.countDown();
        closer.join();
        caller.join();
        assertThat(refused.get(10, TimeUnit.SECONDS)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> loop.callLater(Duration.ZERO, () -> {}))
                .isInstanceOf(RejectedExecutionException.class);
        loop.close(() -> errors.add("never"));
        assertThat(errors).containsExactly("last task");
    }

    @Test
    void anErrorHandlerThatThrowsWhatItIsToldDisturbsNothing() throws Exception {
        EventLoop strict = new EventLoop("strict", new ParkingPoller(), NanoClock.system(), (where, error) -> {
            throw (RuntimeException) error;
        });
        strict.start();
        CompletableFuture<String> last = new CompletableFuture<>();
        try {
            strict.execute(() -> {
                throw new IllegalStateException("mine");
            });
            assertThat(strict.call(() -> "alive")).isEqualTo("alive");
        } finally {
            strict.close(() -> last.complete("last"));
        }
        assertThat(last).isCompletedWithValue("last");
    }

    @Test
    void aLoopThatFailsItselfKeepsNobodyWaitingAndStillRunsItsLastTask() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        EventLoop failing = new EventLoop("failing", new ParkingPoller(), () -> timeUnless(broken), this::note);
        failing.start();
        failing.callLater(Duration.ofHours(1), () -> errors.add("never"));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        failing.execute(() -> {
            entered.countDown();
            awaitQuietly(go);
            broken.set(true);
        });
        entered.await();
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                failing.call(() -> errors.add("ran"));
                refused.complete(new AssertionError("not refused"));
            } catch (Exception e) {
                refused.complete(e);
            }
        });
        caller.start();
        awaitWaiting(caller);
        go.countDown();
        assertThat(refused.get(10, TimeUnit.SECONDS)).isInstanceOf(RejectedExecutionException.class);
        caller.join();
        for (ThrowingCallable late : List.<ThrowingCallable>of(
                () -> failing.execute(() -> {}),
                () -> failing.call(() -> "ran"),
                () -> failing.callLater(Duration.ZERO, () -> {}))) {
            assertThatThrownBy(late)
                    .isInstanceOf(RejectedExecutionException.class)
                    .hasMessageContaining("out of memory, says the test")
                    .hasMessageContaining("close it");
        }
        CompletableFuture<Boolean> lastInLoop = new CompletableFuture<>();
        failing.close(() -> lastInLoop.complete(failing.inLoopThread()));
        assertThat(lastInLoop).isCompletedWithValue(true);
        assertThat(errors).containsExactly("the reactor itself: out of memory, says the test");
    }

    private static long timeUnless(AtomicBoolean broken) {
        if (broken.get()) {
            throw new OutOfMemoryError("out of memory, says the test");
        }
        return System.nanoTime();
    }

    private void note(String where, Throwable error) {
        errors.add(where + ": " + error.getMessage());
    }

    @Test
    void itCanBeClosedFromItsOwnThread() throws Exception {
        CompletableFuture<String> last = new CompletableFuture<>();
        loop.execute(() -> loop.close(() -> last.complete("last")));
        assertThat(last.get(10, TimeUnit.SECONDS)).isEqualTo("last");
    }

    @Test
    void anInterruptOfTheCallerIsKeptWhereTheCallMustNotBeGivenUp() throws Exception {
        Thread.currentThread().interrupt();
        assertThat(loop.callUninterruptibly(() -> "done")).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void awaitWaiting(Thread thread) {
        Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
