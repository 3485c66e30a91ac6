package dev.gantry.adapter.agent;

import com.google.gson.JsonObject;
import dev.gantry.adapter.model.RawJson;
import org.jspecify.annotations.Nullable;

/** What became of a request to the agent. */
public sealed interface AgentAnswer {
    /** It was carried out. */
    final class Success implements AgentAnswer {
        private final @Nullable RawJson text;
        private final boolean lasting;
        private @Nullable JsonObject body;

        Success(JsonObject body) {
            this.text = null;
            this.lasting = false;
            this.body = body;
        }

        Success(RawJson text, boolean lasting) {
            this.text = text;
            this.lasting = lasting;
        }

        /** Whether the same question has the same answer until a thread goes on, or something is changed. */
        public boolean isLasting() {
            return lasting;
        }

        /** Empty where there was none. The same object at each call. */
        public JsonObject body() {
            JsonObject parsed = body;
            if (parsed == null) {
                parsed = text == null ? new JsonObject() : text.parsed();
                body = parsed;
            }
            return parsed;
        }

        /** The same, as it came; null where that was not of the plain form. */
        public @Nullable RawJson text() {
            return text;
        }

        @Override
        public String toString() {
            return "Success[body=" + body() + "]";
        }
    }

    /**
     * It was refused, or nobody is left to answer it.
     *
     * @param message one sentence for the user
     * @param showUser whether the agent wants it shown in a dialog
     */
    record Failed(String message, boolean showUser) implements AgentAnswer {}
}
