@NullMarked
package dev.gantry.launcher.linux;

import org.jspecify.annotations.NullMarked;
