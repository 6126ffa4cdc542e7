package io.paas.test.support;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands a running [KubeApiServer] to test constructors and methods; one for the whole test run, so
/// a test uses a namespace of its own.
///
/// Use: `@ExtendWith(KubeApiServerExtension.class)` and a parameter of type [KubeApiServer].
public final class KubeApiServerExtension implements ParameterResolver {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(KubeApiServerExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KubeApiServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // JUnit closes an AutoCloseable of the root store when the run ends.
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(
                        KubeApiServer.class, _ -> KubeApiServer.start(), KubeApiServer.class);
    }
}
