package io.paas.lifecycle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Reads a stream to its end and keeps at most `limit` bytes: the first quarter and the last three
/// quarters, because a failure is told at the end and its cause often at the start.
final class CappedOutput {
    private final int headLimit;
    private final byte[] tail;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private long tailTotal;

    CappedOutput(int limit) {
        headLimit = limit / 4;
        tail = new byte[limit - headLimit];
    }

    /// Blocks until the stream ends; the writer never blocks on us.
    void drain(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        int count;
        while ((count = in.read(buffer)) >= 0) {
            add(buffer, count);
        }
    }

    private synchronized void add(byte[] bytes, int count) {
        int toHead = Math.min(count, headLimit - head.size());
        head.write(bytes, 0, toHead);
        for (int i = toHead; i < count && tail.length > 0; i++) {
            tail[(int) (tailTotal++ % tail.length)] = bytes[i];
        }
    }

    synchronized String text() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.toByteArray());
        if (tailTotal > tail.length) {
            String cut = "\n[... " + (tailTotal - tail.length) + " bytes cut ...]\n";
            all.writeBytes(cut.getBytes(StandardCharsets.UTF_8));
            int start = (int) (tailTotal % tail.length);
            all.write(tail, start, tail.length - start);
            all.write(tail, 0, start);
        } else {
            all.write(tail, 0, (int) tailTotal);
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
