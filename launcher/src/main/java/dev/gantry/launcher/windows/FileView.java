package dev.gantry.launcher.windows;

import java.io.IOException;

/** What is asked of the file system before a program is started. Paths are absolute, of any length. */
interface FileView {
    /** Whether there is one that is no directory. */
    boolean isFile(String path);

    boolean isDirectory(String path);

    /** The first bytes of a file, so many at most. */
    byte[] beginning(String path, int bytes) throws IOException;
}
