package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JdkChildrenTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ProcFs proc = ProcFs.system();

    @Test
    void aLivingOneIsKnownByItsNumber() throws Exception {
        JdkChildren before = JdkChildren.now(proc);
        try (TestChild child = TestChild.shell("echo ready; read x")) {
            await().atMost(SOON).until(() -> JdkChildren.now(proc).pids().contains(child.pid()));
            assertThat(JdkChildren.now(proc).noneSince(before)).isFalse();
        }
    }

    @Test
    void oneThatCameAndWentShowsInTheThreadThatWaitedForIt() throws Exception {
        assertThat(new ProcessBuilder("true").start().waitFor()).isZero();
        await().atMost(SOON).until(() -> {
            JdkChildren before = JdkChildren.now(proc);
            return JdkChildren.now(proc).noneSince(before);
        });
        JdkChildren quiet = JdkChildren.now(proc);

        assertThat(new ProcessBuilder("true").start().waitFor()).isZero();

        await().atMost(SOON).until(() -> {
            JdkChildren now = JdkChildren.now(proc);
            return now.pids().isEmpty() && !now.noneSince(quiet);
        });
    }

    @Test
    void aThreadThatIsGoneSaysNothingAndANewOneDoes() {
        JdkChildren idle = new JdkChildren(Set.of(), Map.of(7L, "3"));

        assertThat(new JdkChildren(Set.of(), Map.of()).noneSince(idle)).isTrue();
        assertThat(new JdkChildren(Set.of(), Map.of(7L, "3")).noneSince(idle)).isTrue();
        assertThat(new JdkChildren(Set.of(), Map.of(7L, "4")).noneSince(idle)).isFalse();
        assertThat(new JdkChildren(Set.of(), Map.of(7L, "3", 8L, "0")).noneSince(idle))
                .isFalse();
    }
}
