package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcFileTest {
    private static final int MUCH = 1 << 20;

    @TempDir
    private Path directory;

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("file"), text).toString();
    }

    @ParameterizedTest
    @CsvSource({"VmHWM:,5120", "VmRSS:,12", "Name:,", "Vm:,", "HWM:,", "Last:,7"})
    void aNumberIsBehindItsKeyAtTheBeginningOfALine(String key, Long expected) throws IOException {
        String path = file("Name:\tVmRSS: 5\nOther: VmHWM: 6\nVmHWM:\t    5120 kB\nVmRSS: 12 kB\nLast: 7");

        OptionalLong wanted = expected == null ? OptionalLong.empty() : OptionalLong.of(expected);
        assertThat(ProcFile.number(path, key)).isEqualTo(wanted);
    }

    @Test
    void aNumberMayBeFarBehind() throws IOException {
        String path = file("Groups:\t" + "1234567890 ".repeat(800) + "\nVmHWM:\t    5120 kB\n");

        assertThat(ProcFile.number(path, "VmHWM:")).hasValue(5120);
        assertThat(ProcFile.number(path, "VmRSS:")).isEmpty();
    }

    @Test
    void aNumberThatThePageCutsIsReadWhole() throws IOException {
        String path = file("x".repeat(4096 - 10) + "\nkey: 5120 kB\n");

        assertThat(ProcFile.number(path, "key:")).hasValue(5120);
    }

    @Test
    void thereIsNoNumberInAFileThatIsNotThere() {
        assertThat(ProcFile.number(directory.resolve("none").toString(), "x")).isEmpty();
        assertThat(ProcFile.read(directory.resolve("none").toString(), MUCH)).isInstanceOf(ProcFile.Gone.class);
    }

    @Test
    void aDirectoryCannotBeRead() {
        assertThat(ProcFile.read(directory.toString(), MUCH)).isInstanceOf(ProcFile.Unreadable.class);
        assertThat(ProcFile.number(directory.toString(), "x")).isEmpty();
    }

    @Test
    void aLongFileIsReadWholeOrAsFarAsItIsAskedFor() throws IOException {
        String text = "é".repeat(10_000);
        String path = file(text);

        assertThat(ProcFile.read(path, MUCH)).isEqualTo(new ProcFile.Text(text));
        assertThat(ProcFile.read(path, 6)).isEqualTo(new ProcFile.Text("ééé"));
    }

    @Test
    void aLongNameIsNoTrouble() throws IOException {
        Path deep = Files.createDirectories(directory.resolve("d".repeat(200)).resolve("e".repeat(200)));
        Path file = Files.writeString(deep.resolve("file"), "key 5\n");

        assertThat(ProcFile.number(file.toString(), "key")).hasValue(5);
    }

    @Test
    void ourOwnPeakIsKnown() {
        ProcFs proc = ProcFs.system();

        assertThat(proc.peakResidentBytes(proc.self()).orElseThrow()).isGreaterThan(1 << 20);
    }
}
