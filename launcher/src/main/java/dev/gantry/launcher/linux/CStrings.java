package dev.gantry.launcher.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
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
        long pointers = 0;
        long texts = 0;
        for (List<byte[]> vector : vectors) {
            pointers += (vector.size() + 1L) * Long.BYTES;
            for (byte[] text : vector) {
                texts += text.length + 1L;
            }
        }
        Memory memory = new Memory(pointers + texts);
        long base = address(memory);
        List<Long> addresses = new ArrayList<>();
        long slot = 0;
        long end = pointers;
        for (List<byte[]> vector : vectors) {
            addresses.add(base + slot);
            for (byte[] text : vector) {
                memory.setLong(slot, base + end);
                memory.write(end, text, 0, text.length);
                memory.setByte(end + text.length, (byte) 0);
                slot += Long.BYTES;
                end += text.length + 1L;
            }
            memory.setLong(slot, 0);
            slot += Long.BYTES;
        }
        return new Vectors(memory, addresses);
    }
}
