package trunkline.cluster;

import java.time.Instant;
import java.util.Optional;

/// What an instance saw in one look around: what may be there to do. It never says that there is
/// nothing where the statement that does it would find something; it may say too much.
///
/// @param newest the announcement with the highest id, 0 when there is none
/// @param outbox something that SQL callers handed in
/// @param untold something that operators did
/// @param streams unfinished ones of the dead, handed on, or this instance's own
/// @param tasks the same of tasks
/// @param baton nobody holds it, or this instance does
/// @param gone when an instance last died or left; empty when none has
/// @param counted when the sessions were last counted; empty when nobody has
/// @param slot in which messages are written; negative when nobody can say
public record Glance(
    long newest,
    boolean outbox,
    boolean untold,
    boolean streams,
    boolean tasks,
    boolean baton,
    Optional<Instant> gone,
    Optional<Instant> counted,
    int slot) {}
