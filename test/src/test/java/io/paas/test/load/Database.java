package io.paas.test.load;

import java.util.List;

/// A database as its clients see it: keys that hold a list of numbers each.
///
/// It never repeats a request by itself, except where the database has said that another of its
/// nodes must be asked. Called by many threads at a time; a caller that has waited long enough
/// interrupts, and what was going on then ends soon.
///
/// Anything thrown but [NotDoneException] leaves open whether the request was done.
public interface Database extends AutoCloseable {

    /// Adds a number to the end of the key's list.
    ///
    /// @param fresh over a new connection, found as a client that has just started finds it
    void append(String key, long number, boolean fresh) throws Exception;

    /// The key's list, which is empty before the first number.
    List<Long> read(String key, boolean fresh) throws Exception;

    @Override
    void close();

    /// The request was not done and never will be.
    final class NotDoneException extends Exception {

        NotDoneException(String message) {
            super(message);
        }

        NotDoneException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
