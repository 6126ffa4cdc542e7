/// What a database's clients notice of an operation: a load that does not wait for its answers, and
/// a verdict on what became of each of them.
///
/// 1. [Load] asks a [Database] a hundred times a second, in turn a write and a read, whatever
///    became of those before. Each key holds a list and each write appends a number of its own to
///    one, so that the lists show at the end what is missing, what is there twice and what came
///    late.
/// 2. Each [Operation] is kept: when it was due, when each [Attempt] began and ended, and how
///    ([Outcome]). An attempt without an answer may have happened: it proves neither.
/// 3. After the load all lists are read back, and [Verdict] compares: [Safety] says what became of
///    acknowledged writes, [Availability] how often, how fast and for how long not there were
///    answers.
///
/// Only [RedisDatabase] knows an engine. `LoadCheckE2E` shows that the checker finds the loss of a
/// server that does lose.
@NullMarked
package io.paas.test.load;

import org.jspecify.annotations.NullMarked;
