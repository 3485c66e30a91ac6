@NullMarked
package dev.gantry.launcher.windows;

import org.jspecify.annotations.NullMarked;
