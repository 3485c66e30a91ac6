package dev.gantry.adapter.session;

import dev.gantry.adapter.model.Failure;

/** A request cannot be carried out as it is. */
final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    BadRequestException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
