package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Python user sees of broken bytes is what Python itself makes of them. */
class CPythonDecodingTest {
    private static final int CASES = 50_000;
    private static final String DECODE = """
            import struct, sys
            with open(sys.argv[1], 'rb') as cases, open(sys.argv[2], 'wb') as texts:
                while True:
                    head = cases.read(4)
                    if not head:
                        break
                    text = cases.read(struct.unpack('>i', head)[0]).decode('utf-8', 'replace').encode('utf-8')
                    texts.write(struct.pack('>i', len(text)) + text)
            """;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesWithCPythonHoweverTheBytesAreCut(long seed, @TempDir Path folder) throws Exception {
        Random random = new Random(seed);
        List<byte[]> cases = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            cases.add(RandomText.bytes(random, 40));
        }
        List<String> expected = decodedByCPython(cases, folder);

        Sent sent = new Sent();
        OutputEvent event = new OutputEvent(sent);
        event.open(OutputEvent.prefix("\"stdout\""), false);
        for (int i = 0; i < CASES; i++) {
            sent.frames.clear();
            encode(cases.get(i), random, event);
            assertThat(sent.text()).as("case %d", i).isEqualTo(expected.get(i));
        }
    }

    private static void encode(byte[] bytes, Random random, OutputEvent event) {
        OutputEncoder encoder = new OutputEncoder(false, event, true);
        int at = 0;
        while (at < bytes.length) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(bytes.length));
            encoder.encode(bytes, at, to);
            if (random.nextInt(3) == 0) {
                event.sendAll();
            }
            at = to;
        }
        encoder.end();
        event.sendAll();
    }

    private static List<String> decodedByCPython(List<byte[]> cases, Path folder) throws Exception {
        Path input = folder.resolve("cases");
        Path output = folder.resolve("texts");
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(input)))) {
            for (byte[] one : cases) {
                out.writeInt(one.length);
                out.write(one);
            }
        }
        Process python = new ProcessBuilder("python3", "-c", DECODE, input.toString(), output.toString())
                .inheritIO()
                .start();
        try {
            assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(python.exitValue()).isZero();
        } finally {
            python.destroyForcibly().waitFor();
        }
        return read(output);
    }

    private static List<String> read(Path file) throws IOException {
        List<String> texts = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            while (in.available() > 0) {
                byte[] text = new byte[in.readInt()];
                in.readFully(text);
                texts.add(new String(text, UTF_8));
            }
        }
        return texts;
    }
}
