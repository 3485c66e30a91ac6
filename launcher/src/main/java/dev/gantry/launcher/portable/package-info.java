/**
 * java.lang.ProcessBuilder and threads behind the transport's contract: for any platform without a backend of its own, and the
 * yardstick for the others. What it cannot do, and why: docs/decisions/0002-portable-backend.md.
 */
@NullMarked
package dev.gantry.launcher.portable;

import org.jspecify.annotations.NullMarked;
