package trunkline.seal;
class Routines { static java.time.Instant rotateSealKey(org.jooq.Configuration c) { throw new IllegalStateException(); } }
