package io.paas.kube.client;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.credentials.AccessTokenAuthentication;
import io.paas.api.json.ModelGson;
import io.paas.api.v1.Kind;
import io.paas.api.v1.Resource;
import io.paas.kube.metrics.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

/// One identity's way to one kube-apiserver.
///
/// Two HTTP clients, because a timeout that is right for a call would end every quiet watch: calls
/// have all timeouts; watches a ping that notices a half-open connection, and a long one for
/// silence behind a connection that lives.
public final class KubeClient {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(30);
    // Below kube-apiserver's own request timeout of 60 s, so that we know which side gave up.
    private static final Duration CALL = Duration.ofSeconds(45);
    private static final Duration PING = Duration.ofSeconds(20);
    // Bookmarks come every minute while anything in the cluster changes; where nothing does, one
    // watch more in three minutes costs nothing.
    private static final Duration SILENCE = Duration.ofMinutes(3);

    private final Supplier<ApiClient> connect;
    private final ApiClient callClient;
    private final HttpCalls calls;
    private final HttpCalls watches;
    private final String fieldManager;

    KubeClient(
            Supplier<ApiClient> connect, String fieldManager, Metrics metrics, Duration silence) {
        ModelGson.install();
        this.connect = connect;
        RestMetrics requests = new RestMetrics(metrics);
        this.callClient = withTimeouts(connect.get(), READ, CALL);
        this.calls = new HttpCalls(callClient, requests);
        this.watches = new HttpCalls(forWatches(connect.get(), silence), requests);
        this.fieldManager = fieldManager;
    }

    private KubeClient(KubeClient like, HttpCalls calls) {
        this.connect = like.connect;
        this.callClient = like.callClient;
        this.calls = calls;
        this.watches = like.watches;
        this.fieldManager = like.fieldManager;
    }

    /// By `KUBECONFIG`, `~/.kube/config` or the Pod's ServiceAccount, the first that exists.
    public static KubeClient fromEnvironment(String fieldManager, Metrics metrics)
            throws IOException {
        ClientBuilder calls = ClientBuilder.standard();
        return new KubeClient(calls::build, fieldManager, metrics, SILENCE);
    }

    /// By a fixed token.
    ///
    /// @param ca the certificates to trust, PEM
    public static KubeClient withToken(
            String url, String token, byte[] ca, String fieldManager, Metrics metrics) {
        Supplier<ApiClient> connect =
                () ->
                        new ClientBuilder()
                                .setBasePath(url)
                                .setCertificateAuthority(ca)
                                .setAuthentication(new AccessTokenAuthentication(token))
                                .build();
        return new KubeClient(connect, fieldManager, metrics, SILENCE);
    }

    /// The same client, but no call of it leaves this process while the fence is shut; watches do.
    public KubeClient fencedBy(WriteFence fence) {
        return new KubeClient(this, calls.fencedBy(fence));
    }

    /// The same client, but its calls wait for their turn; watches do not.
    public KubeClient limitedBy(RateLimit limit) {
        return new KubeClient(this, calls.limitedBy(limit));
    }

    public <T extends KubernetesObject> ResourceClient<T> of(ApiResource<T> resource) {
        return new ResourceClient<>(resource, calls, watches, fieldManager);
    }

    /// For a kind of ours.
    public <T extends Resource> ResourceClient<T> of(Kind<T> kind) {
        return of(ApiResource.own(kind));
    }

    /// For client-java's own classes; has the timeouts of calls.
    public ApiClient apiClient() {
        return callClient;
    }

    /// The same with connections of its own, for calls that must not wait behind others.
    public ApiClient apiClient(Duration timeout) {
        return withTimeouts(connect.get(), timeout, timeout);
    }

    private static ApiClient withTimeouts(ApiClient client, Duration read, Duration call) {
        return client.setHttpClient(
                client.getHttpClient()
                        .newBuilder()
                        .connectTimeout(CONNECT)
                        .readTimeout(read)
                        .callTimeout(call)
                        .build());
    }

    private static ApiClient forWatches(ApiClient client, Duration silence) {
        return client.setHttpClient(
                client.getHttpClient()
                        .newBuilder()
                        .connectTimeout(CONNECT)
                        .readTimeout(silence)
                        .pingInterval(PING)
                        .build());
    }
}
