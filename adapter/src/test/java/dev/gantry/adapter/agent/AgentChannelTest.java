package dev.gantry.adapter.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentChannelTest {
    private final List<String> heard = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private final AgentChannel channel = new AgentChannel(this::send, new Listener());

    private void send(ByteBuffer frame) {
        int length = frame.getInt();
        assertThat(length).isEqualTo(frame.remaining());
        sent.add(StandardCharsets.UTF_8.decode(frame).toString());
    }

    @Test
    void framesComeInPiecesOfAnySize() {
        byte[] two = frames("{'type':'event','event':'one','body':{'a':'\u00e9'}}", "{'type':'event','event':'two'}");
        for (byte one : two) {
            channel.received(ByteBuffer.wrap(new byte[] {one}));
        }
        channel.received(ByteBuffer.wrap(two));
        assertThat(heard).containsExactly("one {\"a\":\"\u00e9\"}", "two {}", "one {\"a\":\"\u00e9\"}", "two {}");
    }

    @Test
    void longMessagesAreTakenAndForgotten() {
        String text = "x".repeat(3_000_000);
        channel.received(
                ByteBuffer.wrap(frames("{'type':'event','event':'" + text + "'}", "{'type':'event','event':'b'}")));
        assertThat(heard).containsExactly(text + " {}", "b {}");
    }

    @Test
    void everyAnswerFindsItsRequest() {
        ask("first");
        ask("second");
        channel.received(ByteBuffer.wrap(frames(
                "{'type':'response','request_seq':2,'success':true,'body':{'x':1}}",
                "{'type':'response','request_seq':1,'success':false,'message':'no','body':{'error':{'showUser':true}}}",
                "{'type':'response','request_seq':1,'success':true}")));
        assertThat(heard.subList(0, 2))
                .containsExactly("second Success[body={\"x\":1}]", "first Failed[message=no, showUser=true]");
        assertThat(heard.get(2)).startsWith("fault an answer to nothing");
    }

    @Test
    void anAnswerAsTheAgentWritesItIsNotParsed() {
        List<String> texts = new ArrayList<>();
        channel.request("scopes", new JsonObject(), answer -> {
            if (answer instanceof AgentAnswer.Success success) {
                texts.add(success.text() + " is " + success.body());
            }
        });
        channel.received(ByteBuffer.wrap(frames(
                "{'type':'response','request_seq':1,'success':true,'command':'scopes','body':{'x':[1.50]},'seq':3}",
                "{'type':'response','request_seq':1,'success':true,'command':'scopes','body':{},'seq':4}")));

        assertThat(texts).containsExactly("{\"x\":[1.50]} is {\"x\":[1.50]}");
        assertThat(heard).hasSize(1);
        assertThat(heard.get(0)).startsWith("fault an answer to nothing");
    }

    @Test
    void loneSurrogatesGoBothWays() {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("path", "a\udc80\ud83d\ude00");
        channel.request("source", arguments, answer -> {});
        assertThat(sent.get(0)).contains("a\\udc80\ud83d\ude00");
        channel.received(ByteBuffer.wrap(frames("{'type':'event','event':'e','body':{'p':'\\udc80'}}")));
        assertThat(heard).containsExactly("e {\"p\":\"\udc80\"}");
    }

    @Test
    void aLossAnswersAllThatWaitsOnceAndWhateverIsAskedLater() {
        ask("first");
        channel.lose("gone");
        channel.lose("gone twice");
        ask("second");
        channel.received(ByteBuffer.wrap(frames("{'type':'event','event':'late'}")));
        assertThat(heard)
                .containsExactly(
                        "first Failed[message=gone, showUser=false]",
                        "lost gone",
                        "second Failed[message=gone, showUser=false]");
        assertThat(sent).hasSize(1);
    }

    @Test
    void whatCannotBeTakenDoesNotHoldUpWhatIsBehindIt() {
        AgentChannel[] itself = new AgentChannel[1];
        itself[0] = new AgentChannel(this::send, new Listener() {
            @Override
            public void event(String name, JsonObject body) {
                if (name.equals("bad")) {
                    throw new NumberFormatException("of a hostile program");
                }
                super.event(name, body);
            }
        });
        itself[0].received(ByteBuffer.wrap(frames(
                "{'type':'event','event':'bad'}",
                "[".repeat(100_000),
                "[" + "[],".repeat(1000) + "[]]",
                "{'type':'event','event':'good'}")));
        assertThat(heard).hasSize(4).last().isEqualTo("good {}");
        assertThat(heard.get(0))
                .isEqualTo(
                        "fault a message that cannot be taken: java.lang.NumberFormatException: of a hostile program");
    }

    private void ask(String command) {
        channel.request(command, new JsonObject(), answer -> heard.add(command + " " + answer));
    }

    private static byte[] frames(String... messages) {
        ByteBuffer all = ByteBuffer.allocate(4_000_000);
        for (String message : messages) {
            byte[] body = message.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            all.putInt(body.length).put(body);
        }
        byte[] bytes = new byte[all.position()];
        all.flip().get(bytes);
        return bytes;
    }

    private class Listener implements AgentChannel.Listener {
        @Override
        public void event(String name, JsonObject body) {
            heard.add(name + " " + body);
        }

        @Override
        public void fault(String what) {
            heard.add("fault " + what);
        }

        @Override
        public void lost(String why) {
            heard.add("lost " + why);
        }
    }
}
