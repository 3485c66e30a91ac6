package dev.gantry.adapter.session;

import dev.gantry.adapter.debuggee.Debuggee;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * {@code gantry/write}: bytes for the program's standard input, as {@code base64} or {@code text} (UTF-8). Answered when more may come,
 * which paces the sender by the program.
 */
final class WriteHandler implements Handler {
    private final Session session;

    WriteHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        byte[] bytes = bytes(request);
        Debuggee target = session.run().target();
        Optional<String> refusal = target.input().refusal();
        if (refusal.isPresent()) {
            reply.failure(Failures.inputRefused(refusal.get()));
            return;
        }
        target.input().write(ByteBuffer.wrap(bytes), taken -> {
            if (taken) {
                reply.success(null);
            } else {
                reply.failure(Failures.inputRefused(target.input().whyLost()));
            }
        });
    }

    private static byte[] bytes(Request request) {
        Optional<String> text = request.string("text");
        Optional<String> base64 = request.string("base64");
        if (text.isPresent() == base64.isPresent()) {
            throw new BadRequestException(Failures.malformed(
                    request.command(),
                    text.isPresent()
                            ? "give it 'text' or 'base64', not both"
                            : "it needs one of the arguments 'text' and 'base64'"));
        }
        if (text.isPresent()) {
            return text.get().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(base64.get());
        } catch (IllegalArgumentException e) {
            throw request.wrong("base64", "base64 text", request.arguments().get("base64"));
        }
    }
}
