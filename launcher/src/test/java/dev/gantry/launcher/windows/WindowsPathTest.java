package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowsPathTest {
    private static final String LONG = "x".repeat(300);

    @ParameterizedTest
    @CsvSource({
        "C:\\d, x, C:\\d\\x",
        "C:\\d\\, x, C:\\d\\x",
        "C:\\, x, C:\\x",
        "C:\\d, .\\x, C:\\d\\x",
        "C:\\d, ../y/x, C:\\y\\x",
        "C:\\d, ..\\..\\..\\x, C:\\x",
        "C:\\d, \\x, C:\\x",
        "C:\\d, /usr/bin/x, C:\\usr\\bin\\x",
        "C:\\d, D:/e//x, D:\\e\\x",
        "C:\\d, ., C:\\d",
        "C:\\d, 'x. .', C:\\d\\x",
        "\\\\server\\share\\d, \\x, \\\\server\\share\\x",
        "\\\\server\\share\\d, ..\\..\\..\\x, \\\\server\\share\\x",
        "C:\\d, //server/share/x, \\\\server\\share\\x",
        "\\\\?\\C:\\d, \\x, \\\\?\\C:\\x",
        "\\\\?\\UNC\\s\\t\\d, ..\\x, \\\\?\\UNC\\s\\t\\x",
        "C:\\d, \\\\?\\C:\\e\\..\\x., \\\\?\\C:\\e\\..\\x.",
    })
    void aPathIsResolvedAsWindowsDoes(String directory, String path, String full) {
        assertThat(WindowsPath.resolve(directory, path)).isEqualTo(full);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C:", "c:x", "C:x\\y"})
    void aDriveWithoutASeparatorIsNoPlace(String path) {
        assertThat(WindowsPath.isDriveRelative(path)).isTrue();
        assertThat(WindowsPath.isAbsolute(path)).isFalse();
        assertThat(WindowsPath.isPath(path)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "x, false, false",
        "x\\y, true, false",
        "./x, true, false",
        "\\x, true, false",
        "C:\\x, true, true",
        "C:/x, true, true",
        "\\\\s\\t, true, true",
        "1:x, false, false"
    })
    void aPathHasASeparatorOrADrive(String path, boolean isPath, boolean isAbsolute) {
        assertThat(WindowsPath.isPath(path)).isEqualTo(isPath);
        assertThat(WindowsPath.isAbsolute(path)).isEqualTo(isAbsolute);
    }

    @Test
    void aLongPathGetsThePrefixThatLiftsTheLimit() {
        String longest = "C:\\" + "x".repeat(256);
        assertThat(longest).hasSize(259);
        assertThat(WindowsPath.unlimited(longest)).isEqualTo(longest);
        assertThat(WindowsPath.unlimited(longest + "x")).isEqualTo("\\\\?\\" + longest + "x");
        assertThat(WindowsPath.unlimited("C:/a/../" + LONG)).isEqualTo("\\\\?\\C:\\" + LONG);
        assertThat(WindowsPath.unlimited("\\\\s\\t\\" + LONG)).isEqualTo("\\\\?\\UNC\\s\\t\\" + LONG);
        assertThat(WindowsPath.unlimited("\\\\?\\C:\\" + LONG)).isEqualTo("\\\\?\\C:\\" + LONG);
        assertThat(WindowsPath.unlimited(LONG)).isEqualTo(LONG);
    }

    @ParameterizedTest
    @CsvSource({
        "\\\\?\\C:\\d\\x.exe, C:\\d\\x.exe",
        "\\\\?\\UNC\\server\\share\\x, \\\\server\\share\\x",
        "\\\\?\\unc\\server\\share\\x, \\\\server\\share\\x",
        "\\\\?\\Volume{1}\\x, \\\\?\\Volume{1}\\x",
        "\\\\?\\C:x, \\\\?\\C:x",
        "C:\\x, C:\\x",
        "x, x",
        "\\\\server\\share\\x, \\\\server\\share\\x",
        "\\\\.\\pipe\\x, \\\\.\\pipe\\x",
    })
    void javaTakesAPathWithoutThePrefix(String path, String without) {
        assertThat(WindowsPath.withoutPrefix(path)).isEqualTo(without);
    }

    @Test
    void aDirectoryMayBeTooLongToBeIn() {
        assertThat(WindowsPath.directoryTooLong("C:\\" + "x".repeat(255))).isEmpty();
        assertThat(WindowsPath.directoryTooLong("C:\\" + "x".repeat(256)))
                .contains("has 259 characters, and a process can only be in one of 258 at most");
    }

    @ParameterizedTest
    @CsvSource({"x.exe, true", "a.b\\x, false", "x., false", ".x, true", "python3.11, true", "x, false"})
    void anExtensionIsOfTheLastPart(String path, boolean has) {
        assertThat(WindowsPath.hasExtension(path)).isEqualTo(has);
    }
}
