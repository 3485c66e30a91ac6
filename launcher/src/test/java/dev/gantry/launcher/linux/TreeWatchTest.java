package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.NanoClock;
import dev.gantry.launcher.engine.ParkingPoller;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TreeWatchTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<String> thrown = new CopyOnWriteArrayList<>();
    private final EventLoop loop = new EventLoop(
            "loop", new ParkingPoller(), NanoClock.system(), (where, error) -> thrown.add(where + ": " + error));
    /** A millisecond passes whenever somebody looks at it. */
    private final AtomicLong time = new AtomicLong();

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean(true);
    private volatile Look look = () -> false;

    private final TreeWatch watch =
            new TreeWatch(loop, () -> time.getAndAdd(1_000_000), () -> 0, keeper(), Optional.empty());

    private TreeKeeper keeper() {
        return (TreeKeeper) Proxy.newProxyInstance(
                TreeKeeper.class.getClassLoader(),
                new Class<?>[] {TreeKeeper.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "isBusy" -> busy.get();
                    case "look" -> {
                        looks.incrementAndGet();
                        yield look;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @AfterEach
    void close() {
        loop.close(() -> {});
    }

    @Test
    void itLooksWhileThereIsAnythingGuarded() throws Exception {
        loop.start();
        loop.call(() -> {
            watch.hurry();
            return true;
        });
        await().atMost(SOON).until(() -> looks.get() >= 3);

        busy.set(false);
        int before = looks.get();
        loop.call(() -> true);
        // The one that was under way, at most.
        await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> looks.get() <= before + 1);
    }

    @Test
    void tasksGetTheirTurnWithinALook() throws Exception {
        AtomicInteger steps = new AtomicInteger();
        AtomicInteger stepsAtTask = new AtomicInteger(-1);
        look = () -> {
            if (steps.incrementAndGet() == 1) {
                loop.execute(() -> stepsAtTask.compareAndSet(-1, steps.get()));
            }
            return steps.get() < 1000;
        };
        loop.start();
        loop.call(() -> {
            watch.hurry();
            return true;
        });

        await().atMost(SOON).until(() -> steps.get() >= 1000);
        assertThat(stepsAtTask.get()).isBetween(1, 10);
    }

    @Test
    void aLookThatFailsIsReportedAndFollowedByOthers() throws Exception {
        look = () -> {
            throw new IllegalStateException("no");
        };
        loop.start();
        loop.call(() -> {
            watch.hurry();
            return true;
        });

        await().atMost(SOON).until(() -> thrown.size() >= 2);
        assertThat(thrown.get(0)).contains("looking after trees").contains("no");
    }

    @Test
    void manyStartsDoNotPutALookOff() throws Exception {
        loop.start();
        AtomicBoolean stop = new AtomicBoolean();
        loop.execute(new Runnable() {
            @Override
            public void run() {
                watch.hurry();
                if (!stop.get()) {
                    loop.execute(this);
                }
            }
        });

        await().atMost(SOON).until(() -> looks.get() >= 2);
        stop.set(true);
    }
}
