package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who came and who is gone: with processes that are files. */
class OrphanReaperTest {
    private static final long SELF = 5;
    private static final long OTHER_THREAD = 6;

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();
    private final RecordingKeeper keeper = new RecordingKeeper(told, () -> false);
    private JdkChildren jdk = new JdkChildren(Set.of(), Map.of());
    private FakeProc fake = new FakeProc(Path.of("/nowhere"));
    private OrphanReaper reaper = reaper();

    @BeforeEach
    void weExist() throws IOException {
        fake = new FakeProc(folder)
                .add(SELF, 1, 'S', 1)
                .children(SELF, SELF, "")
                .children(SELF, OTHER_THREAD, "");
        reaper = reaper();
    }

    private OrphanReaper reaper() {
        return new OrphanReaper(fake.seenBy(SELF), keeper, () -> 0, () -> jdk);
    }

    @Test
    void whoComesAndGoesIsToldOnce() throws IOException {
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        reaper.look();
        reaper.look();
        fake.remove(10).children(SELF, SELF, "");
        reaper.look();
        reaper.look();

        assertThat(told).containsExactly("adopted 10", "orphan reaped 10");
    }

    @Test
    void whatAThreadOfOursHasMadeIsNoOrphanEvenWhenThatHasEnded() throws IOException {
        fake.add(10, SELF, 'S', 100).children(SELF, OTHER_THREAD, "10 ");
        reaper.look();
        fake.children(SELF, SELF, "10 ").children(SELF, OTHER_THREAD, "");
        reaper.look();

        assertThat(told).isEmpty();
    }

    @Test
    void whoIsNotListedIsNotGoneForThat() throws IOException {
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        reaper.look();
        fake.children(SELF, SELF, "");
        reaper.look();
        fake.children(SELF, SELF, "10 ");
        reaper.look();

        assertThat(told).containsExactly("adopted 10");
    }

    @Test
    void whoCannotBeLookedAtIsNotGone() throws IOException {
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        reaper.look();
        fake.unreadable(10);
        reaper.look();
        fake.children(SELF, SELF, "");
        reaper.look();

        assertThat(told).containsExactly("adopted 10");
    }

    @Test
    void aListThatCannotBeReadProvesNothing() throws IOException {
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        reaper.look();
        Path list =
                fake.process(SELF).resolve("task").resolve(Long.toString(SELF)).resolve("children");
        Files.delete(list);
        Files.createDirectory(list);
        fake.remove(10);
        reaper.look();
        assertThat(told).containsExactly("adopted 10");

        Files.delete(list);
        fake.children(SELF, SELF, "");
        reaper.look();
        assertThat(told).containsExactly("adopted 10", "orphan reaped 10");
    }

    @Test
    void whoeverGetsTheNumberIsSomebodyElse() throws IOException {
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        reaper.look();
        fake.add(10, SELF, 'S', 200);
        reaper.look();

        assertThat(told).containsExactly("adopted 10", "adopted 10", "orphan reaped 10");
    }

    @Test
    void withoutListsOfChildrenEverybodysParentIsAsked() throws IOException {
        fake.remove(SELF).add(SELF, 1, 'S', 1).add(10, SELF, 'S', 100).add(11, 10, 'S', 110);
        reaper.look();
        fake.remove(10).state(11, 'S', SELF, 11, 11);
        reaper.look();

        assertThat(told).containsExactly("adopted 10", "adopted 11", "orphan reaped 10");
    }

    @Test
    void aLookThatIsOvertakenTellsNothing() throws IOException {
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        Look slow = reaper.begin();
        assertThat(slow.step()).isTrue();
        reaper.look();
        slow.finish();

        assertThat(told).containsExactly("adopted 10");
    }

    @Test
    void whoComesWhileNobodyElseWasThereIsOurs() throws IOException {
        reaper.prepare();
        reaper.look();
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        reaper.look();

        assertThat(keeper.surelyOurs()).containsExactly(10L);
    }

    @Test
    void aJdkProcessThatCameAndWentBehindALookMayHaveLeftTheOrphan() throws IOException {
        reaper.prepare();
        reaper.look();
        Look listed = reaper.begin();
        assertThat(listed.step()).isTrue();
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        jdk = new JdkChildren(Set.of(), Map.of(7L, "3"));
        listed.finish();
        assertThat(told).isEmpty();
        reaper.look();

        assertThat(told).containsExactly("adopted 10");
        assertThat(keeper.surelyOurs()).isEmpty();
    }

    @Test
    void aChildOfOtherCodeThatGoesDuringALookMayHaveLeftTheOrphan() throws IOException {
        reaper.prepare();
        reaper.look();
        fake.add(9, SELF, 'S', 90).children(SELF, OTHER_THREAD, "9 ");
        Look listed = reaper.begin();
        assertThat(listed.step()).isTrue();
        fake.remove(9).children(SELF, OTHER_THREAD, "");
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        listed.finish();
        reaper.look();

        assertThat(told).containsExactly("adopted 10");
        assertThat(keeper.surelyOurs()).isEmpty();
    }

    @Test
    void whomWeReapDuringALookIsNotSomebodyElse() throws IOException {
        reaper.prepare();
        reaper.look();
        fake.add(9, SELF, 'Z', 90).children(SELF, OTHER_THREAD, "9 ");
        Lineages.awaited(9);
        Look listed = reaper.begin();
        assertThat(listed.step()).isTrue();
        Lineages.reaped(9);
        fake.remove(9).children(SELF, OTHER_THREAD, "");
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        listed.finish();
        reaper.look();

        assertThat(keeper.surelyOurs()).containsExactly(10L);
    }

    @Test
    void aWhileAfterTheLastOfOthersAnOrphanIsOursAgain() throws IOException {
        reaper.prepare();
        jdk = new JdkChildren(Set.of(), Map.of(7L, "3"));
        reaper.look();
        reaper.look();
        fake.add(10, SELF, 'S', 100).children(SELF, SELF, "10 ");
        reaper.look();

        assertThat(keeper.surelyOurs()).containsExactly(10L);
    }
}
