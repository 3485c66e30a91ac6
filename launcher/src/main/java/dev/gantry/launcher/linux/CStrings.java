package dev.gantry.launcher.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Strings as the C library wants them: UTF-8 with a 0 at the end. Whoever gets a {@link Memory} closes it. */
final class CStrings {
    private CStrings() {}

    static Memory of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Memory memory = new Memory(bytes.length + 1L);
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
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
        long pointers = vectors.stream().mapToLong(vector -> vector.size() + 1L).sum() * Long.BYTES;
        long texts = vectors.stream()
                .flatMap(List::stream)
                .mapToLong(text -> text.length + 1L)
                .sum();
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
