package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageParserTest {
    @Test
    void readsARequest() {
        Incoming incoming =
                parse("{\"seq\":7,\"type\":\"request\",\"command\":\"launch\",\"arguments\":{\"n\":9007199254740993}}");

        assertThat(incoming).isInstanceOfSatisfying(Incoming.Request.class, request -> {
            assertThat(request.seq()).isEqualTo(7);
            assertThat(request.command()).isEqualTo("launch");
            assertThat(request.malformed()).isNull();
            assertThat(request.arguments().get("n").getAsLong()).isEqualTo(9007199254740993L);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"seq":5.0,"type":"request","command":"threads"}
        {"seq":5,"type":"request","command":"threads","arguments":null}
        {"command":"threads","seq":5,"type":"request","unknown":[1]}
        """)
    void isLaxWhereTheMeaningIsClear(String message) {
        assertThat(parse(message)).isEqualTo(new Incoming.Request(5, "threads", new JsonObject(), null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"seq":5,"type":"request","command":"x","arguments":{}                    | not valid JSON
        {"seq":5,"type":"request","command":"x","arguments":{,}}                  | not valid JSON
        {"seq":5,"type":"request","command":"x"} {}                               | malformed at line 1 column 43
        {"seq":5,"type":"request","command":"x","arguments":{"a":NaN}}            | not valid JSON
        {seq:5,"seq":5,"type":"request","command":"x"}                            | not valid JSON
        {"seq":5,"type":"request"}                                                | no 'command'
        {"seq":5,"type":"request","command":5}                                    | no 'command'
        {"seq":"5","type":"request","command":"x"}                                | 'seq' is no number but a string
        {"seq":5,"command":"x"}                                                   | no 'type'
        {"seq":5,"type":7,"command":"x"}                                          | no 'type'
        {"seq":5,"type":"question","command":"x"}                                 | type is 'question'
        """)
    void pinsAFaultOnTheRequestThatItConcerns(String message, String why) {
        assertThat(parse(message)).isInstanceOfSatisfying(Incoming.Refused.class, refused -> {
            assertThat(refused.seq()).isEqualTo(5);
            assertThat(refused.why()).contains(why);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        []                                            | no JSON object
        nonsense                                      | not valid JSON
        {"type":"request","command":"x"}              | 'seq' is no number but absent
        {"seq":5.5,"type":"request","command":"x"}    | no 32-bit integer: 5.5
        {"seq":-1e99,"type":"request","command":"x"}  | no 32-bit integer
        {"seq":1,"type":"event","event":"x"}          | only an adapter sends events
        {"seq":5,"type":"response","success":true     | not valid JSON
        {"seq":5,"type":"response","success":true}    | 'request_seq'
        """)
    void saysWhatIsWrongWhereNobodyCanBeAnswered(String message, String why) {
        assertThat(parse(message))
                .isInstanceOfSatisfying(
                        Incoming.Broken.class,
                        broken -> assertThat(broken.why()).contains(why));
    }

    @Test
    void refusesANumberThatIsTooLargeForUsByThatNumber() {
        assertThat(parse("{\"seq\":3000000000,\"type\":\"request\",\"command\":\"x\"}"))
                .isInstanceOfSatisfying(
                        Incoming.Refused.class,
                        refused -> assertThat(refused.seq()).isEqualTo(3_000_000_000L));
    }

    @Test
    void refusesBytesThatAreNoUtf8AndSaysWhich() {
        byte[] body = "{\"seq\":5,\"type\":\"request\",\"command\":\"évaluate\"}".getBytes(ISO_8859_1);

        assertThat(MessageParser.parse(body)).isInstanceOfSatisfying(Incoming.Refused.class, refused -> {
            assertThat(refused.seq()).isEqualTo(5);
            assertThat(refused.why()).contains("not valid UTF-8: byte 37 is 0xe9");
        });
    }

    @ParameterizedTest
    @CsvSource({"[,]", "{\"a\":,}"})
    void doesNotOverflowTheStackOnDeepNesting(String open, String close) {
        String deep = open.repeat(100_000) + "1" + close.repeat(100_000);
        String message = "{\"seq\":5,\"type\":\"request\",\"command\":\"x\",\"arguments\":" + deep + "}";

        assertThat(parse(message)).isInstanceOfSatisfying(Incoming.Refused.class, refused -> {
            assertThat(refused.seq()).isEqualTo(5);
            assertThat(refused.why()).contains("esting");
        });
    }

    @Test
    void refusesAMessageOfCountlessValuesButNotALongText() {
        String start = "{\"seq\":5,\"type\":\"request\",\"command\":\"x\",\"arguments\":{\"a\":";

        assertThat(parse(start + "[" + "1,".repeat(600_000) + "1]}}"))
                .isEqualTo(new Incoming.Refused(5, "x", "the message has more than 500000 values"));
        assertThat(parse(start + "\"\\\"" + ",".repeat(600_000) + "\"}}")).isInstanceOf(Incoming.Request.class);
    }

    @Test
    void keepsARequestWhoseArgumentsAreMalformed() {
        assertThat(parse("{\"seq\":5,\"type\":\"request\",\"command\":\"launch\",\"arguments\":[1]}"))
                .isEqualTo(new Incoming.Request(
                        5, "launch", new JsonObject(), "the arguments of 'launch' are no JSON object but an array"));
    }

    @Test
    void readsAResponse() {
        assertThat(parse("{\"seq\":5,\"type\":\"response\",\"request_seq\":3,\"success\":false,\"message\":\"no\"}"))
                .isEqualTo(new Incoming.Response(3, false, "no", new JsonObject()));
    }

    @Test
    void refusesAMessageThatIsTooLong() {
        assertThat(MessageParser.parse(
                        new Frame.TooLong(104857600, new Envelope("8", "request", "evaluate")), FrameReader.BODY_LIMIT))
                .isEqualTo(new Incoming.Refused(
                        8, "evaluate", "message of 104857600 bytes is over the limit of 33554432"));
    }

    private static Incoming parse(String message) {
        return MessageParser.parse(message.getBytes(UTF_8));
    }
}
