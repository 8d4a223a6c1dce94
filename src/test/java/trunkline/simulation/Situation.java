package trunkline.simulation;

/// The scenarios of the delivery core's design, S1 to S17, as a simulated order can meet them: each
/// is a way in which an earlier draft lost, doubled or misled.
public enum Situation {
  S1("two instances wrote a stream, and its holder was not woken"),
  S2("two announcements were on their way at once"),
  S3("a former writer of a call still wrote, and was refused"),
  S4("a batch was looked for after the writing had moved to another slot"),
  S5("a connection was superseded and its client had not left, or nothing was left to replay"),
  S6("the database was away and a connection outlived it"),
  S7("a stream was read to its end, or again after it"),
  S8("a call became a stream while its session ended"),
  S9("a request came while its session ended"),
  S10("a client came back without an id while its former holder lived"),
  S11("messages had gone that a client had not had"),
  S12("a former holder read on, or a page was of another slot"),
  S13("a commit was not replicated, and said so"),
  S14("a call was interrupted while its message was being stored"),
  S15("a batch met a locked row"),
  S16("a call of a dead instance ran again"),
  S17("a client named a place that was never issued here");

  private final String what;

  Situation(String what) {
    this.what = what;
  }

  @Override
  public String toString() {
    return name() + " (" + what + ")";
  }
}
