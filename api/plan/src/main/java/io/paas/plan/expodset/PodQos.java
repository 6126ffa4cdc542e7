package io.paas.plan.expodset;

import com.fasterxml.jackson.databind.JsonNode;

/// The quality of service class of a Pod, which is fixed for its life.
enum PodQos {
    GUARANTEED,
    BURSTABLE,
    BEST_EFFORT;

    static PodQos of(JsonNode template) {
        boolean none = true;
        boolean all = true;
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : template.path("spec").path(list)) {
                ContainerResources resources = ContainerResources.of(container);
                none &= resources.requests().isEmpty();
                all &=
                        resources.limits().size() == ContainerResources.RESIZABLE.size()
                                && new ContainerResources(resources.limits(), resources.limits())
                                        .sameAs(resources);
            }
        }
        return none ? BEST_EFFORT : all ? GUARANTEED : BURSTABLE;
    }
}
