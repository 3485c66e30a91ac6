package dev.gantry.adapter.dap;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/** A program that does what the adapter's main does first, and then ends. */
final class EarlyMain {
    private EarlyMain() {}

    public static void main(String[] arguments) throws IOException {
        try (FileInputStream in = new FileInputStream(FileDescriptor.in);
                FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            if (!EarlyInitialize.answer(in, out, EarlyInitialize.announcedCapabilities())
                    .answered()) {
                throw new IOException("not answered");
            }
        }
    }
}
