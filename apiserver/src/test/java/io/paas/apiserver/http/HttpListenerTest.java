package io.paas.apiserver.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.paas.apiserver.it.TestCa;
import io.paas.apiserver.request.ApiRequest;
import io.paas.apiserver.request.ApiResponse;
import io.paas.apiserver.request.Failure;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class HttpListenerTest {

    @TempDir private Path directory;
    private final Vertx vertx = Vertx.vertx();
    private Function<ApiRequest, ApiResponse> answers = HttpListenerTest::echo;
    private HttpListener listener;
    private Socket caller;

    @BeforeEach
    void start() throws Exception {
        new TestCa("ca").server("localhost").write(directory, "tls");
        listener =
                new HttpListener(
                        vertx,
                        request -> answers.apply(request),
                        directory.resolve("tls.crt"),
                        directory.resolve("tls.key"),
                        _ -> {});
        int port = listener.start("127.0.0.1", 0);
        caller = trustingAll().getSocketFactory().createSocket("127.0.0.1", port);
        caller.setSoTimeout(10_000);
    }

    @AfterEach
    void stop() throws IOException {
        caller.close();
        listener.stop(Duration.ofSeconds(1));
        vertx.close();
    }

    private static ApiResponse echo(ApiRequest request) {
        try {
            return ApiResponse.text(200, request.body().get().length + " bytes");
        } catch (Failure e) {
            return e.toResponse();
        }
    }

    private void send(String head, int bytes) throws IOException {
        byte[] body = new byte[bytes];
        Arrays.fill(body, (byte) 'x');
        caller.getOutputStream()
                .write((head + "Host: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        caller.getOutputStream().write(body);
        caller.getOutputStream().flush();
    }

    /// The head and the body of one response.
    private String answer() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) caller.getInputStream().read());
        }
        int length =
                text.toString()
                        .lines()
                        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
                        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                        .findFirst()
                        .orElse(0);
        byte[] body = caller.getInputStream().readNBytes(length);
        return text + new String(body, StandardCharsets.UTF_8);
    }

    @Test
    void answersBeforeTheBodyComesWhenNobodyWantsIt() throws IOException {
        // given
        answers = _ -> Failure.unauthorized().toResponse();

        // when
        send("POST /apis HTTP/1.1\r\nContent-Length: 3000000\r\n", 10);

        // then
        assertThat(answer()).startsWith("HTTP/1.1 401");
    }

    @Test
    void servesTheNextRequestBehindABodyThatNobodyWanted() throws IOException {
        // given
        answers = _ -> Failure.unauthorized().toResponse();
        send("POST /apis HTTP/1.1\r\nContent-Length: 2000000\r\n", 2_000_000);
        String first = answer();
        answers = HttpListenerTest::echo;

        // when
        send("POST /apis HTTP/1.1\r\nContent-Length: 7\r\n", 7);
        String second = answer();
        send("GET /apis HTTP/1.1\r\n", 0);
        String third = answer();

        // then
        assertThat(first).startsWith("HTTP/1.1 401");
        assertThat(second).startsWith("HTTP/1.1 200").endsWith("7 bytes");
        assertThat(third).endsWith("0 bytes");
    }

    @Test
    void refusesABodyOverTheLimit() throws IOException {
        // when
        int limit = HttpListener.MAX_BODY_BYTES;
        send("POST /apis HTTP/1.1\r\nContent-Length: " + limit + "\r\n", limit);
        String just = answer();
        send("POST /apis HTTP/1.1\r\nContent-Length: " + (limit + 1) + "\r\n", limit + 1);
        String over = answer();

        // then
        assertThat(just).endsWith(limit + " bytes");
        assertThat(over)
                .startsWith("HTTP/1.1 413")
                .contains("\"reason\":\"RequestEntityTooLarge\"");
    }

    @Test
    void letsACallerWhoAskedSendTheBody() throws IOException {
        // when
        send("POST /apis HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n", 0);
        String interim = answer();
        caller.getOutputStream().write("xyz".getBytes(StandardCharsets.US_ASCII));

        // then
        assertThat(interim).startsWith("HTTP/1.1 100");
        assertThat(answer()).endsWith("3 bytes");
    }

    @Test
    void answers500InsteadOfAHeaderThatCannotBeSent() throws IOException {
        // given
        answers = _ -> ApiResponse.text(200, "").with("X-Any", "a\r\nb");

        // when
        send("GET /apis HTTP/1.1\r\n", 0);

        // then
        assertThat(answer())
                .startsWith("HTTP/1.1 500")
                .doesNotContain("X-Any")
                .contains("\"kind\":\"Status\"");
    }

    private static SSLContext trustingAll() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                null,
                new TrustManager[] {
                    new X509TrustManager() {
                        @Override
                        public void checkClientTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public void checkServerTrusted(X509Certificate[] chain, String type) {}

                        @Override
                        public X509Certificate[] getAcceptedIssuers() {
                            return new X509Certificate[0];
                        }
                    }
                },
                null);
        return context;
    }
}
