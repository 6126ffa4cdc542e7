package io.paas.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestInfoTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            textBlock =
                    """
                    POST, /apis/g/v1/namespaces/a/pods/p/restart, create, a, pods, p, restart
                    GET,  /apis/g/v1/namespaces/a/pods/p/process, get, a, pods, p, process
                    HEAD, /apis/g/v1/namespaces/a/pods/p/process, get, a, pods, p, process
                    GET,  /apis/g/v1/namespaces/a/pods, list, a, pods, '', ''
                    PUT,  /apis/g/v1/namespaces/a/pods/p/config, update, a, pods, p, config
                    PATCH, /apis/g/v1/namespaces/a/pods/p/config, patch, a, pods, p, config
                    DELETE, /apis/g/v1/namespaces/a/pods/p, delete, a, pods, p, ''
                    GET,  /apis/g/v1/pods/p, get, '', pods, p, ''
                    POST, /apis/g/v1/namespaces/a/pods/p%20q/restart, create, a, pods, p q, restart
                    """)
    void saysInRbacsWordsWhatIsAsked(
            String method,
            String path,
            String verb,
            String namespace,
            String resource,
            String name,
            String subresource) {
        // when
        RequestInfo info = RequestInfo.of(method, path);

        // then
        assertThat(info.isResource()).isTrue();
        assertThat(info.verb()).isEqualTo(verb);
        assertThat(info.namespace()).isEqualTo(namespace);
        assertThat(info.resource()).isEqualTo(resource);
        assertThat(info.name()).isEqualTo(name);
        assertThat(info.subresource()).isEqualTo(subresource);
    }

    @Test
    void takesOnlyOneSegmentAsSubresource() {
        // when
        RequestInfo info = RequestInfo.of("POST", "/apis/g/v1/namespaces/a/pods/p/restart/now");

        // then
        assertThat(info.subresource()).isEqualTo("restart");
        assertThat(info.rest()).containsExactly("now");
    }

    @ParameterizedTest
    @CsvSource({"GET,/apis", "GET,/apis/g/v1", "GET,/metrics", "GET,/openapi/v3/apis/g/v1"})
    void leavesDocumentsToTheirPaths(String method, String path) {
        // when
        RequestInfo info = RequestInfo.of(method, path);

        // then
        assertThat(info.isResource()).isFalse();
        assertThat(info.verb()).isEqualTo("get");
        assertThat(info.path()).isEqualTo(path);
    }
}
