package trunkline.audit;

import org.jspecify.annotations.Nullable;

/// One thing that somebody did, as it is stored. Its texts are bounded and on one line.
///
/// @param endedNanos when it ended, by the local monotonic clock: the database knows what time it
///   was
/// @param micros how long it took
/// @param who the principal; empty where no credentials were accepted
/// @param arguments their digest
/// @param times how many it stands for
@SuppressWarnings("ArrayRecordComponent") // never compared
record AuditRecord(
    long endedNanos,
    long micros,
    int instance,
    Who who,
    What what,
    byte @Nullable [] arguments,
    Ending ending,
    int run,
    int times,
    @Nullable Long session,
    @Nullable Long task) {

  /// What is missing is said by a record of this method.
  static final String OF_ITSELF = "audit";

  /// The text of a record that is not text, as memory counts it.
  private static final int FIXED_CHARS = 200;

  /// @param peer of whom nothing else is known
  record Who(String principal, String credential, String client, @Nullable String peer) {
    static final String NOBODY = "nobody";
    private static final int PRINCIPAL_MAX = 1000;
    private static final int CREDENTIAL_MAX = 200;
    private static final int CLIENT_MAX = 200;
    private static final int PEER_MAX = 60;

    Who {
      principal = Plain.text(principal, PRINCIPAL_MAX);
      credential = Plain.text(credential, CREDENTIAL_MAX);
      client = Plain.text(client, CLIENT_MAX);
      peer = peer == null ? null : Plain.text(peer, PEER_MAX);
    }

    Who(String principal, String credential) {
      this(principal, credential, "", null);
    }

    Who as(String client) {
      return new Who(principal, credential, client, peer);
    }
  }

  /// @param revision of MCP; empty where it is not known
  record What(String method, String name, String revision, @Nullable String trace) {
    private static final int METHOD_MAX = 100;
    private static final int NAME_MAX = 500;
    private static final int REVISION_MAX = 20;

    What {
      method = method.isEmpty() ? "?" : Plain.text(method, METHOD_MAX);
      name = Plain.text(name, NAME_MAX);
      revision = Plain.text(revision, REVISION_MAX);
    }

    What of(String known) {
      return new What(method, name, known, trace);
    }

    What withoutTrace() {
      return new What(method, name, revision, null);
    }
  }

  /// Of so many others that are missing.
  static AuditRecord missing(long nanos, int instance, int times) {
    return new AuditRecord(
        nanos,
        0,
        instance,
        new Who(Who.NOBODY, ""),
        new What(OF_ITSELF, "", "", null),
        null,
        new Ending(Outcome.NOT_RECORDED, null),
        1,
        times,
        null,
        null);
  }

  boolean isOfItself() {
    return what.method().equals(OF_ITSELF);
  }

  int weight() {
    return FIXED_CHARS
        + who.principal().length()
        + who.credential().length()
        + who.client().length()
        + what.method().length()
        + what.name().length();
  }
}
