package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.adapter.session.AnnouncedCapabilities;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlyInitializeTest {
    private static final String VS_CODE =
            "{\"command\":\"initialize\",\"arguments\":{\"clientID\":\"vscode\",\"clientName\":\"Visual Studio Code\","
                    + "\"adapterID\":\"gantry\",\"pathFormat\":\"path\",\"linesStartAt1\":true,\"columnsStartAt1\":true,"
                    + "\"supportsVariableType\":true,\"locale\":\"en\"},\"type\":\"request\",\"seq\":1}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                VS_CODE,
                "{\"seq\":7,\"type\":\"request\",\"command\":\"initialize\"}",
                " { \"seq\" : 7 ,\n\t\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{ } } ",
                "{\"type\":\"request\",\"seq\":0,\"command\":\"initialize\",\"arguments\":{\"linesStartAt1\":false,\"x\":null,\"n\":12}}",
            })
    void answersAPlainInitializeAtOnce(String request) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        FirstBytes first = EarlyInitialize.answer(framed(request), out, "{\"supportsX\":true}".getBytes(UTF_8));

        assertThat(first.answered()).isTrue();
        assertThat(new String(first.bytes(), UTF_8)).endsWith(request);
        JsonObject response = Sent.message(out.toByteArray());
        int seq = JsonParser.parseString(request).getAsJsonObject().get("seq").getAsInt();
        assertThat(response.toString())
                .isEqualTo("{\"type\":\"response\",\"seq\":1,\"request_seq\":" + seq
                        + ",\"command\":\"initialize\",\"success\":true,\"body\":{\"supportsX\":true}}");
        assertThat(MessageParser.parse(request.getBytes(UTF_8))).isInstanceOf(Incoming.Request.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"seq\":1,\"type\":\"request\",\"command\":\"launch\"}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"pathFormat\":\"uri\"}}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":[]}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"a\":{}}}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"a\":\"\\u0041\"}}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"a\":1.5}}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"a\":01}}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"a\":é}}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"arguments\":{\"a\":1,}}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"seq\":2}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\",\"extra\":2}",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\"} x",
                "{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\"",
                "{\"seq\":\"1\",\"type\":\"request\",\"command\":\"initialize\"}",
                "{\"seq\":-1,\"type\":\"request\",\"command\":\"initialize\"}",
                "{\"seq\":99999999999,\"type\":\"request\",\"command\":\"initialize\"}",
                "{\"type\":\"request\",\"command\":\"initialize\"}",
                "{\"seq\":1,\"command\":\"initialize\"}",
                "[]",
                "",
            })
    void leavesEverythingElseToTheConnection(String request) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        FirstBytes first = EarlyInitialize.answer(framed(request), out, "{}".getBytes(UTF_8));

        assertThat(first.answered()).isFalse();
        assertThat(new String(first.bytes(), UTF_8)).endsWith(request);
        assertThat(out.size()).isZero();
    }

    @Test
    void keepsWhatCameWithTheFirstMessage() throws IOException {
        byte[] both =
                concat(framed(VS_CODE).readAllBytes(), framed("{\"seq\":2}").readAllBytes());

        FirstBytes first =
                EarlyInitialize.answer(new ByteArrayInputStream(both), OutputStream.nullOutputStream(), new byte[2]);

        assertThat(first.bytes()).isEqualTo(both);
    }

    @Test
    void readsByteByByteIfTheStreamIsLikeThat() throws IOException {
        InputStream slow = framed(VS_CODE);
        InputStream oneByOne = new InputStream() {
            @Override
            public int read() throws IOException {
                return slow.read();
            }

            @Override
            public int read(byte[] target, int from, int length) throws IOException {
                return slow.read(target, from, Math.min(length, 1));
            }
        };

        assertThat(EarlyInitialize.answer(oneByOne, OutputStream.nullOutputStream(), new byte[2])
                        .answered())
                .isTrue();
    }

    @Test
    void givesUpOnAnEndABrokenHeaderAndALongMessage() throws IOException {
        for (String stream :
                List.of("", "Content-Le", "garbage\r\n", "Content-Length: 500000\r\n\r\n" + "x".repeat(200_000))) {
            FirstBytes first = EarlyInitialize.answer(
                    new ByteArrayInputStream(stream.getBytes(UTF_8)), OutputStream.nullOutputStream(), new byte[2]);

            assertThat(first.answered()).isFalse();
            assertThat(stream).startsWith(new String(first.bytes(), UTF_8));
            assertThat(first.bytes().length).isLessThan(80_000);
        }
    }

    @Test
    void theBytesThatAreAnnouncedAreTheCapabilitiesOfTheSession() {
        String wanted = new Gson().toJson(AnnouncedCapabilities.all());

        assertThat(new String(EarlyInitialize.announcedCapabilities(), UTF_8)).isEqualTo(wanted);
    }

    @Test
    void answersBeforeAnyLibraryIsLoaded(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("classes");
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xshare:auto",
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        EarlyMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            java.getOutputStream().write(framed(VS_CODE).readAllBytes());
            java.getOutputStream().flush();
            byte[] answer = java.getInputStream().readAllBytes();
            assertThat(java.waitFor(30, TimeUnit.SECONDS)).isTrue();

            JsonObject body = Sent.message(answer).getAsJsonObject("body");
            assertThat(body.get("supportsConfigurationDoneRequest").getAsBoolean())
                    .isTrue();
        } finally {
            java.destroyForcibly().waitFor();
        }
        List<String> classes = Files.readAllLines(log);
        assertThat(classes).anyMatch(line -> line.contains("dev.gantry.adapter.dap.EarlyInitialize "));
        Pattern heavy =
                Pattern.compile("org\\.eclipse|com\\.google|com\\.sun\\.jna|java\\.util\\.logging|\\$\\$Lambda");
        assertThat(classes.stream().filter(line -> heavy.matcher(line).find())).isEmpty();
    }

    private static ByteArrayInputStream framed(String request) {
        byte[] body = request.getBytes(UTF_8);
        return new ByteArrayInputStream(concat(("Content-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8), body));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
