@NullMarked
package dev.gantry.launcher.engine;

import org.jspecify.annotations.NullMarked;
