@NullMarked
package dev.gantry.launcher.portable;

import org.jspecify.annotations.NullMarked;
