package dev.gantry.adapter.agent;

import dev.gantry.adapter.model.CompactJson;
import dev.gantry.adapter.model.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An event as the agent's wire.py writes it, {@code {"type":"event","event":"module","body":{...},"seq":7}}, checked and not parsed. A program
 * has hundreds of modules, and the client is told of each. Pure.
 */
record PlainEvent(String name, RawJson body) {
    private static final byte[] BEGINNING = PlainAnswer.ascii("{\"type\":\"event\",\"event\":\"");

    /** Empty for every other message, and for one of another form. */
    static Optional<PlainEvent> of(byte[] message) {
        int name = BEGINNING.length;
        if (!PlainAnswer.isAt(message, 0, BEGINNING)) {
            return Optional.empty();
        }
        int behindName = PlainAnswer.behindLetters(message, name);
        int body = behindName + PlainAnswer.BODY.length;
        if (!PlainAnswer.isAt(message, behindName, PlainAnswer.BODY)) {
            return Optional.empty();
        }
        int end = CompactJson.endOfObject(message, body);
        return end >= 0 && PlainAnswer.endsWithSeq(message, end)
                ? Optional.of(new PlainEvent(
                        new String(message, name, behindName - name, StandardCharsets.US_ASCII),
                        new RawJson(message, body, end)))
                : Optional.empty();
    }
}
