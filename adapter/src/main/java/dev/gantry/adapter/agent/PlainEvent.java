package dev.gantry.adapter.agent;

import dev.gantry.adapter.model.CompactJson;
import dev.gantry.adapter.model.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * An event as the agent's wire.py writes it, {@code {"type":"event","event":"module","body":{...},"seq":7}}, checked and not parsed. A program
 * has hundreds of modules, and the client is told of each. Pure.
 */
record PlainEvent(String name, RawJson body) {
    private static final byte[] BEGINNING = PlainAnswer.ascii("{\"type\":\"event\",\"event\":\"");

    /** Empty for every other message, for one of another form, and for an event of another name. */
    static Optional<PlainEvent> of(byte[] message, Set<String> names) {
        int name = BEGINNING.length;
        if (!PlainAnswer.isAt(message, 0, BEGINNING)) {
            return Optional.empty();
        }
        int behindName = PlainAnswer.behindLetters(message, name);
        String found = new String(message, name, behindName - name, StandardCharsets.US_ASCII);
        if (!names.contains(found)) {
            return Optional.empty();
        }
        int body = behindName + PlainAnswer.BODY.length;
        if (!PlainAnswer.isAt(message, behindName, PlainAnswer.BODY)) {
            return Optional.empty();
        }
        int end = CompactJson.endOfObject(message, body);
        return end >= 0 && PlainAnswer.endsWithSeq(message, end)
                ? Optional.of(new PlainEvent(found, new RawJson(message, body, end)))
                : Optional.empty();
    }
}
