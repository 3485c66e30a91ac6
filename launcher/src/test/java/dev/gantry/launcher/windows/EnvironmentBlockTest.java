package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentBlockTest {
    private static final Map<String, String> OURS = Map.of(
            "Path",
            "C:\\bin",
            "SystemRoot",
            "C:\\Windows",
            "windir",
            "C:\\Windows",
            "SYSTEMDRIVE",
            "C:",
            "=C:",
            "C:\\here");

    private static String text(EnvironmentBlock block) {
        return new String(block.bytes(), StandardCharsets.UTF_16LE);
    }

    private static Map<String, @Nullable String> removing(String... names) {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        for (String name : names) {
            changes.put(name, null);
        }
        return changes;
    }

    @Test
    void isSortedWithTheDrivesDirectoriesFirst() throws Exception {
        EnvironmentBlock block = EnvironmentBlock.of(
                Map.of("b", "2", "A", "1", "_", "4", "C", "3", "=D:", "D:\\", "=C:", "C:\\x", "0", "0", "é", "5"),
                false,
                Map.of());
        assertThat(text(block)).isEqualTo("=C:=C:\\x\0=D:=D:\\\0" + "0=0\0A=1\0b=2\0C=3\0_=4\0é=5\0\0");
    }

    @Test
    void underscoreIsBehindTheLetters() throws Exception {
        assertThat(text(EnvironmentBlock.of(Map.of("A_B", "1", "AB", "2", "Aa", "3"), false, Map.of())))
                .isEqualTo("Aa=3\0AB=2\0A_B=1\0\0");
    }

    @Test
    void anEmptyBlockIsTwoNuls() throws Exception {
        assertThat(EnvironmentBlock.of(Map.of(), true, Map.of()).bytes()).containsExactly(0, 0, 0, 0);
    }

    @Test
    void bytesAreUtf16LittleEndian() throws Exception {
        assertThat(EnvironmentBlock.of(Map.of(), false, Map.of("é", "\ud83d\ude80"))
                        .bytes())
                .containsExactly(0xE9, 0, '=', 0, 0x3D, 0xD8, 0x80, 0xDE, 0, 0, 0, 0);
    }

    @Test
    void aChangeReplacesWhateverItsCaseAndGivesItsSpelling() throws Exception {
        EnvironmentBlock block = EnvironmentBlock.of(OURS, false, Map.of("PATH", "C:\\new"));
        assertThat(text(block)).contains("PATH=C:\\new\0").doesNotContain("Path=");
        assertThat(block.variables()).containsEntry("path", "C:\\new").hasSize(OURS.size());
    }

    @Test
    void ofTwoChangesTheLaterCounts() throws Exception {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        changes.put("path", "1");
        changes.put("PATH", "2");
        assertThat(text(EnvironmentBlock.of(Map.of(), false, changes))).isEqualTo("PATH=2\0\0");
    }

    @Test
    void nullRemovesWhateverItsCase() throws Exception {
        assertThat(EnvironmentBlock.of(OURS, false, removing("PATH")).variables())
                .doesNotContainKey("Path")
                .hasSize(OURS.size() - 1);
    }

    @Test
    void aClearedEnvironmentKeepsWhatWindowsNeeds() throws Exception {
        assertThat(text(EnvironmentBlock.of(OURS, true, Map.of("X", "1"))))
                .isEqualTo("SystemDrive=C:\0SystemRoot=C:\\Windows\0windir=C:\\Windows\0X=1\0\0");
    }

    @Test
    void whatIsAskedForGoesBeforeWhatWindowsNeeds() throws Exception {
        Map<String, @Nullable String> changes = removing("SYSTEMDRIVE", "WINDIR");
        changes.put("SYSTEMROOT", "D:\\Win");
        assertThat(text(EnvironmentBlock.of(OURS, true, changes))).isEqualTo("SYSTEMROOT=D:\\Win\0\0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A=", "A=B", "=C:=x"})
    void aNameThatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> EnvironmentBlock.of(Map.of(), false, Map.of(name, "x")))
                .isInstanceOf(UnpassableException.class)
                .hasMessage("'" + name + "' cannot be the name of an environment variable");
        assertThatThrownBy(() -> EnvironmentBlock.of(Map.of(), false, removing(name)))
                .isInstanceOf(UnpassableException.class);
    }

    @Test
    void nulsAndHalfCharactersAreRefused() {
        assertThatThrownBy(() -> EnvironmentBlock.of(Map.of(), false, Map.of("A\0B", "x")))
                .hasMessage("the name of environment variable 'A\\0B' has a NUL character");
        assertThatThrownBy(() -> EnvironmentBlock.of(Map.of(), false, Map.of("A", "x\0y")))
                .hasMessage("the value of environment variable A has a NUL character");
        assertThatThrownBy(() -> EnvironmentBlock.of(Map.of(), false, Map.of("A", "\ud800")))
                .isInstanceOf(UnpassableException.class)
                .hasMessageContaining("half a character");
    }

    @Test
    void lettersOfOtherAlphabetsHaveCasesAndNoneBecomesAscii() throws Exception {
        Map<String, String> ours = Map.of("ключ", "1", "ı", "2");
        assertThat(EnvironmentBlock.of(ours, false, Map.of("КЛЮЧ", "3", "I", "4"))
                        .variables())
                .containsEntry("ключ", "3")
                .containsEntry("ı", "2")
                .containsEntry("i", "4")
                .hasSize(3);
    }
}
