package trunkline.protocol.listen;

import trunkline.announcement.AnnouncementKind;

/// The lists whose changes a client may hear of.
enum ChangedList {
  TOOLS("tools", AnnouncementKind.TOOLS_CHANGED),
  PROMPTS("prompts", AnnouncementKind.PROMPTS_CHANGED),
  RESOURCES("resources", AnnouncementKind.RESOURCES_CHANGED);

  private final String capability;
  private final AnnouncementKind announced;

  ChangedList(String capability, AnnouncementKind announced) {
    this.capability = capability;
    this.announced = announced;
  }

  /// The capability whose `listChanged` declares it.
  String capability() {
    return capability;
  }

  /// The member of a filter that asks for it.
  String member() {
    return capability + "ListChanged";
  }

  String method() {
    return "notifications/" + capability + "/list_changed";
  }

  AnnouncementKind announced() {
    return announced;
  }
}
