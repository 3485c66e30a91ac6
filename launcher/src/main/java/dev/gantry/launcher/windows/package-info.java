/**
 * The transport on Windows 10 and later: CreateProcessW, overlapped named pipes on an I/O completion port, job objects, console
 * control. The only Windows code of the launcher; kernel32 and user32 through JNA.
 */
@NullMarked
package dev.gantry.launcher.windows;

import org.jspecify.annotations.NullMarked;
