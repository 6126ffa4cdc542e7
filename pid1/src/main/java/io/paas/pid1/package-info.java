/// The supervisor: the agent's half of pid1. The launcher (`pid1/launcher`, C) runs the process;
/// this package observes it, lets the platform change it, and judges its health and role.
///
/// 1. [LauncherClient] keeps a connection to the launcher in `main` and publishes every status line
///    as a [ServiceStatus]; it reconnects for ever, since `main` may start later or again.
/// 2. [ProcessRoutes] turns REST calls into launcher requests. The launcher keeps accepted changes
///    by id, so a restarted agent answers for a change that it never saw.
/// 3. [HealthLoop], [RoleLoop] and [PostStartLoop] run the extension's hooks.
/// 4. [AgentMain] composes this and the lifecycle server in one JVM.
///
/// A dead supervisor is never a reason to stop the process; nothing here does.
@NullMarked
package io.paas.pid1;

import org.jspecify.annotations.NullMarked;
