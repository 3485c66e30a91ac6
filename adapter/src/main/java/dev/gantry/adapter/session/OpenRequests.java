package dev.gantry.adapter.session;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The client's requests that the agent has not answered, by the client's numbers: they can be cancelled. Confined to the reactor. */
final class OpenRequests {
    /** More than any client has at work: an agent that does not answer, or is not heard, gets no more. */
    private static final int MOST = 4096;

    private final Map<Integer, Entry> entries = new HashMap<>();

    /** One of them. */
    final class Entry {
        private final int seq;
        private @Nullable Consumer<Entry> cancel;

        Entry(int seq) {
            this.seq = seq;
        }

        /** It is with the agent. */
        void asked(Consumer<Entry> canceller) {
            cancel = canceller;
        }

        /** It was answered. */
        void close() {
            entries.remove(seq, this);
        }
    }

    boolean isFull() {
        return entries.size() >= MOST;
    }

    Entry opened(Request request) {
        Entry entry = new Entry(request.seq());
        entries.put(request.seq(), entry);
        return entry;
    }

    /** Asks the agent to give it up; whether there is such a request. The agent still answers it. */
    boolean cancel(int seq) {
        Entry entry = entries.get(seq);
        if (entry == null || entry.cancel == null) {
            return false;
        }
        entry.cancel.accept(entry);
        return true;
    }

    void clear() {
        entries.clear();
    }
}
