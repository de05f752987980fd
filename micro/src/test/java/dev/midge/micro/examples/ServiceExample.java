// SPDX-FileCopyrightText: the Midge authors
// SPDX-License-Identifier: Apache-2.0

package dev.midge.micro.examples;

import dev.midge.client.Connection;
import dev.midge.micro.Discovery;
import dev.midge.micro.DiscoveryOptions;
import dev.midge.micro.EndpointOptions;
import dev.midge.micro.Request;
import dev.midge.micro.RequestHandler;
import dev.midge.micro.Service;
import dev.midge.micro.ServiceInfo;
import dev.midge.micro.ServiceStats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The programs of docs/services.md. */
abstract class ServiceExample {
    /** The first one. */
    static List<ServiceInfo> first(Connection nc) {
        Service svc =
                Service.builder("demo-service", "1.0.0").description("Demo").start(nc);
        svc.addEndpoint("echo", request -> request.respond(request.data()));
        svc.addGroup("math").addEndpoint("sum", request -> {
            try {
                request.respond(String.valueOf(sum(request.text())));
            } catch (NumberFormatException e) {
                request.error(400, "not numbers");
            }
        });
        List<ServiceInfo> found = Discovery.of(nc).info("demo-service");
        return found;
    }

    private static int sum(String numbers) {
        return Stream.of(numbers.split(" ", -1)).mapToInt(Integer::parseInt).sum();
    }

    abstract CompletableFuture<String> compute(String text);

    abstract void log(String line);

    abstract void log(Request request, @Nullable Throwable failure);

    /** An asynchronous handler. */
    void addSlow(Service svc) {
        svc.addEndpoint(
                EndpointOptions.builder("slow").pendingLimits(1000, 1 << 20).build(),
                RequestHandler.async(request -> compute(request.text()).thenAccept(request::respond)));
    }

    /** Middleware. */
    Service startGuarded(Connection nc) {
        Service svc = Service.builder("demo-service", "1.0.0")
                .middleware((request, next) -> {
                    if (request.headers().contains("Token")) {
                        return next.proceed().whenComplete((nothing, failure) -> log(request, failure));
                    }
                    request.error(401, "no token");
                    return CompletableFuture.completedStage(null);
                })
                .start(nc);
        return svc;
    }

    /** Discovery with options. */
    void discover(Connection nc) {
        Discovery near = Discovery.of(
                nc,
                DiscoveryOptions.builder()
                        .maxWait(Duration.ofSeconds(1))
                        .stall(Duration.ofMillis(100))
                        .onMalformed((answer, cause) -> log("left out: " + cause.getMessage()))
                        .build());
        for (ServiceStats stats : near.stats("demo-service")) {
            stats.endpoints().forEach(endpoint -> log(endpoint.name() + ": " + endpoint.numRequests()));
        }
    }
}
