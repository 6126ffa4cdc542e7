package io.paas.test.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel says that a process has used; proc(5).
///
/// @param cpuSeconds user and system time since its start
/// @param residentMiB now
record Usage(double cpuSeconds, double residentMiB) {

    // USER_HZ: 100 on every architecture that Linux has left.
    private static final double TICKS = 100;
    private static final double KIB = 1024;

    static Usage of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            return new Usage(
                    cpu(Files.readString(process.resolve("stat"))),
                    resident(Files.readString(process.resolve("status"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The name stands in parentheses and may contain anything, also spaces and parentheses.
    static double cpu(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        // utime and stime are fields 14 and 15; the first after the name is 3.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    static double resident(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB)
                .findFirst()
                .orElse(0);
    }
}
