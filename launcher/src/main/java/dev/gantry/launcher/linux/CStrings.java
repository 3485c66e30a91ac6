package dev.gantry.launcher.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Strings as the C library wants them: UTF-8 with a 0 at the end. What has a {@link #flaw} is refused before it comes here. Whoever
 * gets a {@link Memory} closes it.
 */
final class CStrings {
    private CStrings() {}

    static Memory of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return memory(Arrays.copyOf(bytes, bytes.length + 1));
    }

    /** Why a text cannot be passed to a program as it is: "has a NUL character"; empty if it can. */
    static Optional<String> flaw(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                return Optional.of("has a NUL character");
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return Optional.of("has half a character (an unpaired surrogate)");
                }
                i++;
            }
        }
        return Optional.empty();
    }

    /** In one go: each call through JNA takes as long as hundreds of bytes. */
    private static Memory memory(byte[] content) {
        Memory memory = new Memory(content.length);
        memory.write(0, content, 0, content.length);
        return memory;
    }

    static long address(Pointer memory) {
        return Pointer.nativeValue(memory);
    }

    /** Several vectors in one block; each is an array of addresses, ended by a 0. */
    record Vectors(Memory memory, List<Long> addresses) implements AutoCloseable {
        @Override
        public void close() {
            memory.close();
        }
    }

    static Vectors vectors(List<List<byte[]>> vectors) {
        int pointers = 0;
        int texts = 0;
        for (List<byte[]> vector : vectors) {
            pointers += (vector.size() + 1) * Long.BYTES;
            for (byte[] text : vector) {
                texts += text.length + 1;
            }
        }
        Memory memory = new Memory(pointers + texts);
        long base = address(memory);
        ByteBuffer content = ByteBuffer.allocate(pointers + texts).order(ByteOrder.nativeOrder());
        List<Long> addresses = new ArrayList<>();
        int end = pointers;
        for (List<byte[]> vector : vectors) {
            addresses.add(base + content.position());
            for (byte[] text : vector) {
                content.putLong(base + end);
                System.arraycopy(text, 0, content.array(), end, text.length);
                end += text.length + 1;
            }
            content.putLong(0);
        }
        memory.write(0, content.array(), 0, end);
        return new Vectors(memory, addresses);
    }
}
