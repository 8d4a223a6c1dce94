package trunkline.stream;

import trunkline.store.Database;

/// All that streams ask of the database.
record StreamTables(MessageStore messages, StreamStore streams, SlotRows slots) {
  static StreamTables of(Database database) {
    return new StreamTables(
        new MessageRows(database), new StreamRows(database), new SlotRows(database));
  }
}
