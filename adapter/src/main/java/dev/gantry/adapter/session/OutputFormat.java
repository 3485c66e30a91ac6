package dev.gantry.adapter.session;

import java.nio.charset.Charset;

/**
 * How bytes become output events.
 *
 * @param category "stdout", "stderr" or "console"
 * @param charset what the bytes are encoded in; what is no valid text becomes U+FFFD
 * @param stripAnsi whether escape sequences are taken out
 * @param rawBytes whether each event also carries its exact bytes, base64, in {@code data.base64}, when text alone loses some
 */
public record OutputFormat(String category, Charset charset, boolean stripAnsi, boolean rawBytes) {}
