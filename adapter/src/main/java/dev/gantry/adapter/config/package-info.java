/** Launch arguments: parsed, checked, turned into an immutable LaunchPlan. Pure but for reading env files and looking for interpreters. */
@NullMarked
package dev.gantry.adapter.config;

import org.jspecify.annotations.NullMarked;
