package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** A PROC_THREAD_ATTRIBUTE_LIST with room for two. What it points to must live as long as it is used. Confined to one thread. */
final class AttributeList implements AutoCloseable {
    private static final int COUNT = 2;

    private final Memory list;

    private AttributeList(Memory list) {
        this.list = list;
    }

    static AttributeList ofTwo() throws SystemCallException {
        try (Memory bytes = new Memory(8)) {
            bytes.setLong(0, 0);
            // Fails by intention: it tells how much it needs.
            Kernel32.InitializeProcThreadAttributeList(0, COUNT, 0, Pointer.nativeValue(bytes));
            Memory list = new Memory(bytes.getLong(0));
            if (Kernel32.InitializeProcThreadAttributeList(
                            Pointer.nativeValue(list), COUNT, 0, Pointer.nativeValue(bytes))
                    == 0) {
                SystemCallException failure = SystemCallException.last("InitializeProcThreadAttributeList");
                list.close();
                throw failure;
            }
            return new AttributeList(list);
        }
    }

    void set(long attribute, Memory value) throws SystemCallException {
        SystemCallException.check(
                Kernel32.UpdateProcThreadAttribute(
                        address(), 0, attribute, Pointer.nativeValue(value), value.size(), 0, 0),
                () -> "UpdateProcThreadAttribute(0x" + Long.toHexString(attribute) + ")");
    }

    long address() {
        return Pointer.nativeValue(list);
    }

    @Override
    public void close() {
        Kernel32.DeleteProcThreadAttributeList(address());
        list.close();
    }
}
